CREATE TABLE `accounts` (
	`name` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `auth_keys` (
	`account` text NOT NULL,
	`data_centre_id` integer NOT NULL,
	`key_id` text NOT NULL,
	`sealed` blob NOT NULL,
	PRIMARY KEY(`account`, `data_centre_id`),
	FOREIGN KEY (`account`) REFERENCES `sessions`(`account`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`account` text PRIMARY KEY NOT NULL,
	`main_data_centre_id` integer NOT NULL,
	`state` text NOT NULL,
	`device_model` text NOT NULL,
	`device_system_version` text NOT NULL,
	`device_app_version` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`last_used_at_ms` integer NOT NULL,
	`last_verified_at_ms` integer,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `flood_waits` (
	`account` text NOT NULL,
	`method` text NOT NULL,
	`chat_id` text NOT NULL,
	`until_ms` integer NOT NULL,
	PRIMARY KEY(`account`, `method`, `chat_id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `flood_waits_by_end` ON `flood_waits` (`until_ms`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`account` text NOT NULL,
	`user_id` text NOT NULL,
	`is_mutual` integer NOT NULL,
	PRIMARY KEY(`account`, `user_id`),
	FOREIGN KEY (`account`,`user_id`) REFERENCES `peers`(`account`,`chat_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `invite_links` (
	`account` text NOT NULL,
	`url` text NOT NULL,
	`chat_id` text NOT NULL,
	`title` text,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer,
	`max_uses` integer,
	`current_uses` integer NOT NULL,
	`pending_requests` integer NOT NULL,
	`needs_approval` integer NOT NULL,
	`is_revoked` integer NOT NULL,
	PRIMARY KEY(`account`, `url`),
	FOREIGN KEY (`account`,`chat_id`) REFERENCES `peers`(`account`,`chat_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `invite_links_by_chat` ON `invite_links` (`account`,`chat_id`);--> statement-breakpoint
CREATE TABLE `peers` (
	`account` text NOT NULL,
	`chat_id` text NOT NULL,
	`kind` text NOT NULL,
	`access_hash` text,
	`username` text,
	`is_min` integer NOT NULL,
	`snapshot` text NOT NULL,
	`seen_at_ms` integer NOT NULL,
	`last_message_at_ms` integer,
	PRIMARY KEY(`account`, `chat_id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `peers_by_username` ON `peers` (`account`,`username`);--> statement-breakpoint
CREATE TABLE `plugin_entries` (
	`plugin` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`expires_at_ms` integer,
	PRIMARY KEY(`plugin`, `key`)
);
--> statement-breakpoint
CREATE INDEX `plugin_entries_by_expiry` ON `plugin_entries` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `channel_states` (
	`account` text NOT NULL,
	`chat_id` text NOT NULL,
	`pts` integer NOT NULL,
	PRIMARY KEY(`account`, `chat_id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `update_states` (
	`account` text PRIMARY KEY NOT NULL,
	`pts` integer NOT NULL,
	`qts` integer NOT NULL,
	`date` integer NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);

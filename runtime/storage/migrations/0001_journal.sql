CREATE TABLE `dead_letters` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`plugin` text NOT NULL,
	`account` text NOT NULL,
	`event_id` text NOT NULL,
	`type` text NOT NULL,
	`chat_id` text,
	`attempts` integer NOT NULL,
	`error_code` text NOT NULL,
	`error_message` text NOT NULL,
	`failed_at_ms` integer NOT NULL,
	`key_id` text NOT NULL,
	`sealed` blob NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `journal_acks` (
	`plugin` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`plugin`, `seq`),
	FOREIGN KEY (`plugin`) REFERENCES `journal_cursors`(`plugin`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `journal_cursors` (
	`plugin` text PRIMARY KEY NOT NULL,
	`through_seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `journal_events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account` text NOT NULL,
	`key` text NOT NULL,
	`only_for` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	`key_id` text NOT NULL,
	`sealed` blob NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `journal_events_by_key` ON `journal_events` (`account`,`key`);--> statement-breakpoint
CREATE TABLE `journal_failures` (
	`plugin` text NOT NULL,
	`seq` integer NOT NULL,
	`attempts` integer NOT NULL,
	PRIMARY KEY(`plugin`, `seq`),
	FOREIGN KEY (`plugin`) REFERENCES `journal_cursors`(`plugin`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sent_messages` (
	`account` text NOT NULL,
	`random_id` text NOT NULL,
	`sent_at_ms` integer NOT NULL,
	`key_id` text NOT NULL,
	`sealed` blob NOT NULL,
	PRIMARY KEY(`account`, `random_id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sent_messages_by_time` ON `sent_messages` (`sent_at_ms`);
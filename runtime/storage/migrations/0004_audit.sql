CREATE TABLE `audit_entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at_ms` integer NOT NULL,
	`plugin` text NOT NULL,
	`account` text,
	`call` text NOT NULL,
	`target` text,
	`verdict` text NOT NULL,
	`permission` text,
	`code` text,
	`duration_ms` integer,
	`event_id` text,
	`count` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entries_by_plugin` ON `audit_entries` (`plugin`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_by_verdict` ON `audit_entries` (`verdict`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_by_time` ON `audit_entries` (`at_ms`);
CREATE TABLE `retired_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`retired_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `session_leases` (
	`account` text PRIMARY KEY NOT NULL,
	`fence` integer NOT NULL,
	`owner_id` text,
	`host` text NOT NULL,
	`pid` integer NOT NULL,
	`pid_start` text NOT NULL,
	`pid_space` text NOT NULL,
	`taken_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL
);

CREATE TABLE `plugin_schedules` (
	`plugin` text NOT NULL,
	`key` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`plugin`, `key`)
);

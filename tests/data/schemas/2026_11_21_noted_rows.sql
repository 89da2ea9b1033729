BEGIN TRANSACTION;
CREATE TABLE accounts (
	name VARCHAR(120) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	password_hash TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	locked_until DATETIME, 
	CONSTRAINT pk_accounts PRIMARY KEY (name), 
	CONSTRAINT fk_accounts_person_people FOREIGN KEY(person) REFERENCES people (id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('2026_11_21_noted_rows');
CREATE TABLE arrivals (
	mail BIGINT NOT NULL, 
	place INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, hazard BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_arrivals PRIMARY KEY (mail, place), 
	CONSTRAINT fk_arrivals_mail_mail FOREIGN KEY(mail) REFERENCES mail (number)
);
CREATE TABLE cases (
	id VARCHAR(64) NOT NULL, 
	problem VARCHAR(64) NOT NULL, 
	label VARCHAR(64), 
	status VARCHAR(16) NOT NULL, 
	department VARCHAR(64), 
	handler VARCHAR(64), 
	grid VARCHAR(32), 
	grid_share FLOAT NOT NULL, 
	cell BIGINT NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	rendered BOOLEAN NOT NULL, 
	reported_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	rings_at DATETIME, 
	suspended_until DATETIME, 
	merged_into VARCHAR(64), 
	recurs VARCHAR(64), 
	category JSON NOT NULL, 
	place JSON NOT NULL, 
	measure JSON, 
	clocks JSON NOT NULL, 
	version INTEGER NOT NULL, overdue_at DATETIME, number_end VARCHAR(8), severity VARCHAR(32), latitude FLOAT, longitude FLOAT, look JSON, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT ck_cases_ended_at_goes_with_status CHECK ((ended_at IS NOT NULL) = (status IN ('closed', 'void'))), 
	CONSTRAINT ck_cases_suspended_until_goes_with_status CHECK ((suspended_until IS NOT NULL) = (status = 'suspended')), 
	CONSTRAINT fk_cases_merged_into_cases FOREIGN KEY(merged_into) REFERENCES cases (id), 
	CONSTRAINT fk_cases_recurs_cases FOREIGN KEY(recurs) REFERENCES cases (id)
);
INSERT INTO "cases" VALUES('01a19467-e800-898d-a509-6ac2fcfeac50','1','road.pothole','reported',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{}',0,NULL,'FCFEAC50',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8a71-9bcf-9d9fa0363a3e','2','road.pothole','confirmed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{}',0,NULL,'A0363A3E',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-85b7-8707-1c6a43f01e79','3','road.pothole','void',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000','2026-11-01 01:00:00.000000',NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{}',0,NULL,'43F01E79',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b','4','road.pothole','filed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-01 01:36:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0,'2026-11-01 02:00:00.000000','BED3EE4B',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8144-8706-953534fa20a7','5','road.pothole','dispatched','roads',NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-02 16:00:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0,'2026-11-03 02:00:00.000000','34FA20A7',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8be0-8c4b-82656afd3490','6','road.pothole','handled','roads','养护工老赵','999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-03 14:00:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-02T06:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-02T06:00:00Z", "warn_at": "2026-11-03T14:00:00Z", "due_at": "2026-11-03T22:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0,'2026-11-03 22:00:00.000000','6AFD3490',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586','7','road.pothole','closed','roads','养护工老赵','999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000','2026-11-03 12:00:00.000000',NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": "2026-11-03T12:00:00Z", "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-02T16:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-02T16:00:00Z", "warn_at": "2026-11-04T00:00:00Z", "due_at": "2026-11-04T08:00:00Z", "paused_at": null, "stopped_at": "2026-11-03T12:00:00Z", "fired": "green"}}',0,NULL,'73489586',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8826-bbf8-9672f2772960','8','road.pothole','filed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-01 13:36:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T12:00:00Z", "warn_at": "2026-11-01T13:36:00Z", "due_at": "2026-11-01T14:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T12:00:00Z", "fired": "green"}}',0,'2026-11-01 14:00:00.000000','F2772960',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8207-b245-c98113c89f20','9','road.pothole','handled','roads','养护工老赵','999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-04 08:00:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-04T08:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-04T08:00:00Z", "warn_at": "2026-11-05T16:00:00Z", "due_at": "2026-11-06T00:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0,'2026-11-05 04:00:00.000000','13C89F20',NULL,30.0002,110.0008,NULL);
INSERT INTO "cases" VALUES('01a19467-e800-8ba7-9825-980556fc84b0','10','road.pothole','filed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-09 09:36:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-09T08:00:00Z", "warn_at": "2026-11-09T09:36:00Z", "due_at": "2026-11-09T10:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-09T08:00:00Z", "warn_at": "2026-11-12T16:00:00Z", "due_at": "2026-11-13T12:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-02T16:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-02T16:00:00Z", "warn_at": "2026-11-04T00:00:00Z", "due_at": "2026-11-04T08:00:00Z", "paused_at": null, "stopped_at": "2026-11-03T12:00:00Z", "fired": "green"}}',0,'2026-11-09 10:00:00.000000','56FC84B0',NULL,30.0002,110.0008,NULL);
CREATE TABLE components (
	id VARCHAR(17) NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_until DATE, 
	standard VARCHAR(64) NOT NULL, 
	code VARCHAR(8) NOT NULL, 
	latitude FLOAT NOT NULL, 
	longitude FLOAT NOT NULL, 
	cell BIGINT NOT NULL, 
	accuracy VARCHAR(1) NOT NULL, 
	owner VARCHAR(80) NOT NULL, 
	condition VARCHAR(16) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	CONSTRAINT pk_components PRIMARY KEY (id, valid_from)
);
CREATE TABLE covered (
	span VARCHAR(5) NOT NULL, 
	begins VARCHAR(10) NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	labels TEXT NOT NULL, 
	known_to BIGINT NOT NULL, 
	first_at BIGINT NOT NULL, 
	last_at BIGINT NOT NULL, 
	changed_at BIGINT NOT NULL, 
	ground BLOB NOT NULL, 
	CONSTRAINT pk_covered PRIMARY KEY (span, begins, area, labels, known_to), 
	CONSTRAINT ck_covered_first_before_last CHECK (first_at <= last_at)
);
CREATE TABLE crew_verdicts (
	finding VARCHAR(64) NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	verdict TEXT NOT NULL, 
	CONSTRAINT pk_crew_verdicts PRIMARY KEY (finding)
);
CREATE TABLE devices (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	public_key BLOB NOT NULL, 
	registered_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	last_heartbeat TEXT, heard_at DATETIME, kind VARCHAR(16) DEFAULT 'any' NOT NULL, 
	CONSTRAINT pk_devices PRIMARY KEY (id)
);
CREATE TABLE erased_files (
	sha256 VARCHAR(64) NOT NULL, 
	original BOOLEAN NOT NULL, 
	erasure VARCHAR(64) NOT NULL, 
	removed BOOLEAN NOT NULL, 
	CONSTRAINT pk_erased_files PRIMARY KEY (sha256, original), 
	CONSTRAINT fk_erased_files_erasure_erasures FOREIGN KEY(erasure) REFERENCES erasures (seal)
);
CREATE TABLE erasures (
	seal VARCHAR(64) NOT NULL, 
	subject VARCHAR(96) NOT NULL, 
	at DATETIME NOT NULL, 
	record TEXT NOT NULL, 
	CONSTRAINT pk_erasures PRIMARY KEY (seal)
);
CREATE TABLE evidence (
	sha256 VARCHAR(64) NOT NULL, 
	received_at DATETIME NOT NULL, 
	CONSTRAINT pk_evidence PRIMARY KEY (sha256)
);
INSERT INTO "evidence" VALUES('5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e','2026-11-20 04:00:00.250000');
CREATE TABLE facts (
	"case" VARCHAR(64) NOT NULL, 
	number INTEGER NOT NULL, 
	known_from BIGINT NOT NULL, 
	known_to BIGINT NOT NULL, 
	ends_at BIGINT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	at BIGINT NOT NULL, 
	since BIGINT, 
	due_at BIGINT, 
	done_at BIGINT, 
	lapsed_at BIGINT, 
	noted_at BIGINT, 
	suspended BOOLEAN NOT NULL, 
	exempt BOOLEAN NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	word VARCHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	model TEXT NOT NULL, 
	recurs BOOLEAN NOT NULL, pass_id VARCHAR(96) DEFAULT '' NOT NULL, device VARCHAR(64) DEFAULT '' NOT NULL, platform VARCHAR(16) DEFAULT '' NOT NULL, worked_for VARCHAR(64) DEFAULT '' NOT NULL, worked_by VARCHAR(64) DEFAULT '' NOT NULL, worked_as VARCHAR(16) DEFAULT '' NOT NULL, worked_at BIGINT, 
	CONSTRAINT pk_facts PRIMARY KEY ("case", number, known_from), 
	CONSTRAINT ck_facts_known_for_a_while CHECK (known_from < known_to), 
	CONSTRAINT fk_facts_case_cases FOREIGN KEY("case") REFERENCES cases (id)
);
INSERT INTO "facts" VALUES('01a19467-e800-898d-a509-6ac2fcfeac50',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8a71-9bcf-9d9fa0363a3e',1,1793491200000000,253370764800000000,1793505600000000,'confirm',1793491200000000,NULL,1793505600000000,1793494800000000,NULL,NULL,0,0,'','采集员小陈','collector','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8a71-9bcf-9d9fa0363a3e',2,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793494800000000,NULL,NULL,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8a71-9bcf-9d9fa0363a3e',3,1793494800000000,253370764800000000,1793494800000000,'judgement',1793494800000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-85b7-8707-1c6a43f01e79',1,1793491200000000,253370764800000000,1793505600000000,'confirm',1793491200000000,NULL,1793505600000000,1793494800000000,NULL,NULL,0,0,'','采集员小陈','collector','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-85b7-8707-1c6a43f01e79',2,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,NULL,1793494800000000,NULL,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-85b7-8707-1c6a43f01e79',3,1793494800000000,253370764800000000,1793494800000000,'judgement',1793494800000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','refute','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793491200000000,NULL,1793491200000000,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',2,1793491200000000,253370764800000000,1793491200000000,'judgement',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',3,1793491200000000,253370764800000000,253370764800000000,'dispatch',1793491200000000,NULL,1793498400000000,NULL,NULL,NULL,0,0,'','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',4,1793491200000000,253370764800000000,253370764800000000,'whole',1793491200000000,NULL,1793851200000000,NULL,NULL,NULL,0,0,'','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',5,1793491200000000,253370764800000000,1793491200000000,'filing',1793491200000000,1793491200000000,NULL,NULL,NULL,NULL,0,0,'','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8144-8706-953534fa20a7',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793491200000000,NULL,1793491200000000,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8144-8706-953534fa20a7',2,1793491200000000,253370764800000000,1793491200000000,'judgement',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8144-8706-953534fa20a7',3,1793491200000000,253370764800000000,1793498400000000,'dispatch',1793491200000000,NULL,1793498400000000,1793491200000000,NULL,NULL,0,0,'','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8144-8706-953534fa20a7',4,1793491200000000,253370764800000000,253370764800000000,'whole',1793491200000000,NULL,1793851200000000,NULL,NULL,NULL,0,0,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','roads','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8144-8706-953534fa20a7',5,1793491200000000,253370764800000000,1793491200000000,'filing',1793491200000000,1793491200000000,NULL,NULL,NULL,NULL,0,0,'','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8144-8706-953534fa20a7',6,1793491200000000,253370764800000000,253370764800000000,'handling',1793491200000000,NULL,1793671200000000,NULL,NULL,NULL,0,0,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8144-8706-953534fa20a7',7,1793491200000000,253370764800000000,1793491200000000,'sending',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793491200000000,NULL,1793491200000000,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',2,1793491200000000,253370764800000000,1793491200000000,'judgement',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',3,1793491200000000,253370764800000000,1793498400000000,'dispatch',1793491200000000,NULL,1793498400000000,1793491200000000,NULL,NULL,0,0,'','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',4,1793491200000000,253370764800000000,253370764800000000,'whole',1793491200000000,NULL,1793851200000000,NULL,NULL,NULL,0,0,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','roads','养护工老赵','handler',1793599200000000);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',5,1793491200000000,253370764800000000,1793491200000000,'filing',1793491200000000,1793491200000000,NULL,NULL,NULL,NULL,0,0,'','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',6,1793491200000000,253370764800000000,1793671200000000,'handling',1793491200000000,NULL,1793671200000000,1793599200000000,NULL,NULL,0,0,'roads','养护工老赵','handler','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',7,1793491200000000,253370764800000000,1793491200000000,'sending',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',8,1793599200000000,253370764800000000,253370764800000000,'check',1793599200000000,NULL,1793743200000000,NULL,NULL,NULL,0,0,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793491200000000,NULL,1793491200000000,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',2,1793491200000000,253370764800000000,1793491200000000,'judgement',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',3,1793491200000000,253370764800000000,1793498400000000,'dispatch',1793491200000000,NULL,1793498400000000,1793491200000000,NULL,NULL,0,0,'','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',4,1793491200000000,253370764800000000,1793851200000000,'whole',1793491200000000,NULL,1793851200000000,1793707200000000,NULL,NULL,0,0,'roads','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','roads','养护工老赵','handler',1793635200000000);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',5,1793491200000000,253370764800000000,1793491200000000,'filing',1793491200000000,1793491200000000,NULL,NULL,NULL,NULL,0,0,'','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',6,1793491200000000,253370764800000000,1793671200000000,'handling',1793491200000000,NULL,1793671200000000,1793635200000000,NULL,NULL,0,0,'roads','养护工老赵','handler','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',7,1793491200000000,253370764800000000,1793491200000000,'sending',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',8,1793635200000000,253370764800000000,1793779200000000,'check',1793635200000000,NULL,1793779200000000,1793707200000000,NULL,NULL,0,0,'roads','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',9,1793707200000000,253370764800000000,1793707200000000,'step',1793707200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','值班长老李','supervisor','approve','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793491200000000,NULL,1793491200000000,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',2,1793491200000000,253370764800000000,1793491200000000,'judgement',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',3,1793491200000000,253370764800000000,1793498400000000,'dispatch',1793491200000000,NULL,1793498400000000,1793491200000000,NULL,NULL,0,0,'','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',4,1793491200000000,253370764800000000,253370764800000000,'whole',1793491200000000,NULL,1793851200000000,NULL,NULL,NULL,0,0,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','roads','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',5,1793491200000000,253370764800000000,1793491200000000,'filing',1793491200000000,1793491200000000,NULL,NULL,NULL,NULL,0,0,'','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',6,1793491200000000,253370764800000000,1793671200000000,'handling',1793491200000000,NULL,1793671200000000,NULL,1793534400000000,NULL,0,0,'roads','养护工老赵','handler','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',7,1793491200000000,253370764800000000,1793491200000000,'sending',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',8,1793534400000000,253370764800000000,253370764800000000,'dispatch',1793534400000000,NULL,1793541600000000,NULL,NULL,NULL,0,0,'','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8826-bbf8-9672f2772960',9,1793534400000000,253370764800000000,1793534400000000,'step',1793534400000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','养护工老赵','handler','decline','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',4,1793491200000000,1793815200000000,1793815200000000,'whole',1793491200000000,NULL,1793851200000000,NULL,NULL,NULL,0,0,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','roads','养护工老赵','handler',1793779200000000);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',6,1793491200000000,1793815200000000,1793779200000000,'handling',1793491200000000,NULL,1793671200000000,1793779200000000,NULL,1793779200000000,0,0,'roads','养护工老赵','handler','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793491200000000,NULL,1793491200000000,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',2,1793491200000000,253370764800000000,1793491200000000,'judgement',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',3,1793491200000000,253370764800000000,1793498400000000,'dispatch',1793491200000000,NULL,1793498400000000,1793491200000000,NULL,NULL,0,0,'','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',4,1793815200000000,253370764800000000,253370764800000000,'whole',1793491200000000,NULL,1793851200000000,NULL,NULL,NULL,0,1,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','roads','养护工老赵','handler',1793779200000000);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',5,1793491200000000,253370764800000000,1793491200000000,'filing',1793491200000000,1793491200000000,NULL,NULL,NULL,NULL,0,0,'','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',6,1793815200000000,253370764800000000,1793779200000000,'handling',1793491200000000,NULL,1793671200000000,1793779200000000,NULL,1793779200000000,0,1,'roads','养护工老赵','handler','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',7,1793491200000000,253370764800000000,1793491200000000,'sending',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',8,1793779200000000,253370764800000000,253370764800000000,'check',1793779200000000,NULL,1793923200000000,NULL,NULL,NULL,0,0,'roads','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',9,1793782800000000,253370764800000000,1793782800000000,'step',1793782800000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','养护所老王','department','appeal','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8207-b245-c98113c89f20',10,1793815200000000,253370764800000000,1793815200000000,'step',1793815200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','考核员小吴','evaluator','uphold','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',1,1793491200000000,253370764800000000,1793491200000000,'report',1793491200000000,NULL,NULL,1793491200000000,NULL,1793491200000000,0,0,'','machine','machine','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',2,1793491200000000,253370764800000000,1793491200000000,'judgement',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'','采集员小陈','collector','confirm','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',3,1793491200000000,253370764800000000,1793498400000000,'dispatch',1793491200000000,NULL,1793498400000000,1793491200000000,NULL,NULL,0,0,'','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',4,1793491200000000,253370764800000000,1793851200000000,'whole',1793491200000000,NULL,1793851200000000,1793707200000000,NULL,NULL,0,0,'roads','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','roads','养护工老赵','handler',1793635200000000);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',5,1793491200000000,253370764800000000,1793491200000000,'filing',1793491200000000,1793491200000000,NULL,NULL,NULL,NULL,0,0,'','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',6,1793491200000000,253370764800000000,1793671200000000,'handling',1793491200000000,NULL,1793671200000000,1793635200000000,NULL,NULL,0,0,'roads','养护工老赵','handler','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',7,1793491200000000,253370764800000000,1793491200000000,'sending',1793491200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','派遣员小周','dispatcher','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',8,1793635200000000,253370764800000000,1793779200000000,'check',1793635200000000,NULL,1793779200000000,1793707200000000,NULL,NULL,0,0,'roads','值班长老李','supervisor','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',9,1793707200000000,253370764800000000,1793707200000000,'step',1793707200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','值班长老李','supervisor','approve','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',10,1794211200000000,253370764800000000,253370764800000000,'dispatch',1794211200000000,NULL,1794218400000000,NULL,NULL,NULL,0,0,'','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',11,1794211200000000,253370764800000000,253370764800000000,'whole',1794211200000000,NULL,1794571200000000,NULL,NULL,NULL,0,0,'','','','','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
INSERT INTO "facts" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',12,1794211200000000,253370764800000000,1794211200000000,'step',1794211200000000,NULL,NULL,NULL,NULL,NULL,0,0,'roads','值班长老李','supervisor','reopen','','999901001001001','road.pothole','patrol','',0,'','','','','','',NULL);
CREATE TABLE invitations (
	code_sha256 VARCHAR(64) NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	expires_at DATETIME NOT NULL, kind VARCHAR(16) DEFAULT 'any' NOT NULL, 
	CONSTRAINT pk_invitations PRIMARY KEY (code_sha256)
);
CREATE TABLE lands (
	area VARCHAR(32) NOT NULL, 
	known_from BIGINT NOT NULL, 
	known_to BIGINT NOT NULL, 
	cells BIGINT NOT NULL, 
	CONSTRAINT pk_lands PRIMARY KEY (area, known_from)
);
CREATE TABLE ledger (
	number BIGINT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	subject VARCHAR(96) NOT NULL, 
	seal VARCHAR(64) NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (number)
);
INSERT INTO "ledger" VALUES(1,'step','01a19467-e800-898d-a509-6ac2fcfeac50:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','b51f308c1c23650b1a4648d151f9728b2c694d6abc291e8b9399733ee6b51b13');
INSERT INTO "ledger" VALUES(2,'step','01a19467-e800-8a71-9bcf-9d9fa0363a3e:1','708b978dc81c7188ac564ad426871a648935d85ba0e4d15984447fb6caa3868e','78e34304b76d68eb0866deaa12494c2427b1aed8254a22ce6a3fcc64242899ba');
INSERT INTO "ledger" VALUES(3,'step','01a19467-e800-8a71-9bcf-9d9fa0363a3e:2','ed484cf99df7e76b13c62315c5fb4222efaabaf82bf1d32e43a73119340e9cfa','18710fde80daf8f8ef15ffb261c66984298b14787e47d058981ed5a4a5573871');
INSERT INTO "ledger" VALUES(4,'step','01a19467-e800-85b7-8707-1c6a43f01e79:1','708b978dc81c7188ac564ad426871a648935d85ba0e4d15984447fb6caa3868e','43d9beec7f2b58506a49a9c4acffbc7f200951f66d9422f717ce4877198cc713');
INSERT INTO "ledger" VALUES(5,'step','01a19467-e800-85b7-8707-1c6a43f01e79:2','e0b05131837483779d10dd94d7e50afddcb05d65251cc5e7c7cb37545f51635c','ad1c937d2e237adfd97efe239dc63ad494e0759f9b0d6d082dc40392d0653bca');
INSERT INTO "ledger" VALUES(6,'step','01a19467-e800-8f46-98a4-ae5ebed3ee4b:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','d2ec39b258dbde64650807337a42dbf92dec5fa4c011692143ef559ab9036fb6');
INSERT INTO "ledger" VALUES(7,'step','01a19467-e800-8f46-98a4-ae5ebed3ee4b:2','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712','0894c53cea2471857d973bdd20650d8107c1e05793ff8297fccc21be8ef957a9');
INSERT INTO "ledger" VALUES(8,'step','01a19467-e800-8f46-98a4-ae5ebed3ee4b:3','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c','d92806da89901f5e21f5a484871df88e6ac2c494a93121342459e0be2015b796');
INSERT INTO "ledger" VALUES(9,'step','01a19467-e800-8144-8706-953534fa20a7:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','c615676d9859ceb749e47c3d00da25d584a667f889383095a4ed8aa4c149eaf8');
INSERT INTO "ledger" VALUES(10,'step','01a19467-e800-8144-8706-953534fa20a7:2','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712','db39e660b13a642ce5532f4ce42d4e32a30657d49437ed42b4c2e0d4927e1133');
INSERT INTO "ledger" VALUES(11,'step','01a19467-e800-8144-8706-953534fa20a7:3','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c','0481093fd1f8772cf3d88552cd4ea2f568657aab20ab7ed9afe082b315307e10');
INSERT INTO "ledger" VALUES(12,'step','01a19467-e800-8144-8706-953534fa20a7:4','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd','e8981556510656c8b4f46c89175fa191e8b2bac1b1a151073a1317871f6ad0ee');
INSERT INTO "ledger" VALUES(13,'step','01a19467-e800-8be0-8c4b-82656afd3490:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','f6fb2eb83395e6985a8e99c84ff8e8c5c0424981b543868a9462f414c976e186');
INSERT INTO "ledger" VALUES(14,'step','01a19467-e800-8be0-8c4b-82656afd3490:2','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712','7fc640b54ac4b7d9f30662a9186a33a5274e558c1a47a09c93b7f051c2c497a5');
INSERT INTO "ledger" VALUES(15,'step','01a19467-e800-8be0-8c4b-82656afd3490:3','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c','3bcb1b4e30296d6024c40c50948f84e5e421c774e0fc9f2446912a921e280651');
INSERT INTO "ledger" VALUES(16,'step','01a19467-e800-8be0-8c4b-82656afd3490:4','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd','cf7a507d9458e5e7f54a4dd681578b07b9c0f36737b3698a5792052b84a63c25');
INSERT INTO "ledger" VALUES(17,'step','01a19467-e800-8be0-8c4b-82656afd3490:5','05774018bb7c32187b08bd2cb021f993b0526854fa8565367b64e7eb73271e50','c7d381d8e69de70475c540faa9538f2b77461a1d7149a38e5da17d330631c500');
INSERT INTO "ledger" VALUES(18,'step','01a19467-e800-8be0-8c4b-82656afd3490:6','5e9e87c642613914cfd179a935269da4fe8b72f9e69e0c76060e67f1e3e728f5','8987406da44d66da8b867e062aa46200c44d7afd66e339e794bcfb18a0cffb8f');
INSERT INTO "ledger" VALUES(19,'step','01a19467-e800-8ac2-b28a-4b8c73489586:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','6ef2b7675a8a3901553c4799e5b4df29e004cf7bc5ec45ad5d96c6d1d9844c5d');
INSERT INTO "ledger" VALUES(20,'step','01a19467-e800-8ac2-b28a-4b8c73489586:2','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712','006e69de670ade9777f82d17bf6b29f4c9b26f9bd3184e34b9dfddcda1ff3705');
INSERT INTO "ledger" VALUES(21,'step','01a19467-e800-8ac2-b28a-4b8c73489586:3','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c','09d9c6c335d5bc3e79a1cd8e19b83db426f92edba7cceb9658cd6eb052e9a10f');
INSERT INTO "ledger" VALUES(22,'step','01a19467-e800-8ac2-b28a-4b8c73489586:4','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd','299874bd57849bd7ef6f6da22ec245afb54f3174f121c3dc597bdc4bc5388e19');
INSERT INTO "ledger" VALUES(23,'step','01a19467-e800-8ac2-b28a-4b8c73489586:5','9f5c1475c3fe6dc09a5edf4cae1a732e9a3047bf45f14f5fb8473f37fc0678d1','32b0d7ae96eb0269c707cc1c98a884ebcd3e2c2ff3fc54cd34920678767460b5');
INSERT INTO "ledger" VALUES(24,'step','01a19467-e800-8ac2-b28a-4b8c73489586:6','f055e4b5c9149b4b6fd4ef34e4341ca5611b9ee26edddb92ef31e40536bd9841','cb1fbe413af4fbceb1619b881a62c71c1de98b500f0c4a265a3270a3e34ea781');
INSERT INTO "ledger" VALUES(25,'step','01a19467-e800-8ac2-b28a-4b8c73489586:7','b33d8d4be9e42210a7573197540412cb930834029346a5670896a11d81145d17','49c37cfc33baeb61682bffacc1f8749ec2f42977b6cbf3ad4953822628073a57');
INSERT INTO "ledger" VALUES(26,'step','01a19467-e800-8826-bbf8-9672f2772960:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','475f755e5f3d4b67087307ac893aa25bc1a924671b2cfd8d0df07b8cc120fe10');
INSERT INTO "ledger" VALUES(27,'step','01a19467-e800-8826-bbf8-9672f2772960:2','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712','d2fb2757ddd0c03245e27fe059f1124d553ab0297cbad2fa3765055b24fd3efe');
INSERT INTO "ledger" VALUES(28,'step','01a19467-e800-8826-bbf8-9672f2772960:3','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c','2d21baab65d0ace288935d3377c581c51e584d8d172152385bf111d381069343');
INSERT INTO "ledger" VALUES(29,'step','01a19467-e800-8826-bbf8-9672f2772960:4','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd','56a9cb8926f25c0703401d751615e9fffe45639ad188877c35a6596e28ce10e8');
INSERT INTO "ledger" VALUES(30,'step','01a19467-e800-8826-bbf8-9672f2772960:5','c4c85b5ade9bfac2876d2f22adb5ea3fd337b6491e63e93c7baef4ac60db352f','bb88ab760c8e80157d344e7572924fec8cb5c9ac12af2ab99f2eb767610ffacc');
INSERT INTO "ledger" VALUES(31,'step','01a19467-e800-8207-b245-c98113c89f20:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','f6ee7e57af90827c8d6d2bbdaa88bd4de61c59dfd7018dfd1ba507b8ead74ad6');
INSERT INTO "ledger" VALUES(32,'step','01a19467-e800-8207-b245-c98113c89f20:2','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712','90f7935862a03b47cc3a7f2d17b09d6eb4123d2651ed0532daa0df8f88115531');
INSERT INTO "ledger" VALUES(33,'step','01a19467-e800-8207-b245-c98113c89f20:3','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c','ee3c6515133392731d62234d5c16910b2d7a98f7ad327719e10b739e36567d7b');
INSERT INTO "ledger" VALUES(34,'step','01a19467-e800-8207-b245-c98113c89f20:4','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd','633b46314788384b1a3fb85dd5c0eaff327247ad1089b186de5c2d50aff9364b');
INSERT INTO "ledger" VALUES(35,'step','01a19467-e800-8207-b245-c98113c89f20:5','19cb7c77913deeb8c1e7bafd2e64ccbd55c1d3371c56600bd67d69b9c5fe96b1','81d72f07f361172cee4b80bb84c3e2353381cceccc1f53d2832891881838de20');
INSERT INTO "ledger" VALUES(36,'step','01a19467-e800-8207-b245-c98113c89f20:6','b077f9389dd101bdd02f14eb05723b853ba0d1694cf410e2d6382bff91b1215f','513c5333d5713cf8993df05d625210e9a0fad5cc88d524c790e3a6ac1475f3c7');
INSERT INTO "ledger" VALUES(37,'step','01a19467-e800-8207-b245-c98113c89f20:7','78dfc734ac73f5ff47e85dc7b940cd01fb47001027b4d4916cdcb623d9b8193b','d37f6e6f0a77836d1d9cb591f2a1e0e6d008ce507fd25acae4a170c7928206e3');
INSERT INTO "ledger" VALUES(38,'step','01a19467-e800-8207-b245-c98113c89f20:8','6bf0b65de394f2666f50583e39ef884c3a08b87f227a9254ee4cb7826b51c8e0','7d36b3fd058e3b01312301d922922512f1bc988887a350eeb675c1f8ee2fae34');
INSERT INTO "ledger" VALUES(39,'step','01a19467-e800-8ba7-9825-980556fc84b0:1','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca','14ca36d1a9d358c2b8e84e5781601e8dc9cbe4bc19c628e3abf0371819c4f7d3');
INSERT INTO "ledger" VALUES(40,'step','01a19467-e800-8ba7-9825-980556fc84b0:2','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712','0353e5569644008475f0c4c6f8ede18cbd2734321cfba832302ca389df6eb541');
INSERT INTO "ledger" VALUES(41,'step','01a19467-e800-8ba7-9825-980556fc84b0:3','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c','c3634b012929422c6eb5e3ddbb63683b22fc5ae72aa0b41619f95b76f9ed5b39');
INSERT INTO "ledger" VALUES(42,'step','01a19467-e800-8ba7-9825-980556fc84b0:4','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd','84b1d1bc2eaa726fe084aaa3eb2734a7d35c321ed07d6066afd4f89fe3b49370');
INSERT INTO "ledger" VALUES(43,'step','01a19467-e800-8ba7-9825-980556fc84b0:5','9f5c1475c3fe6dc09a5edf4cae1a732e9a3047bf45f14f5fb8473f37fc0678d1','a2b190ba782a1881f4a144ec800a83ef1df947463772d92a6337467c04f44b83');
INSERT INTO "ledger" VALUES(44,'step','01a19467-e800-8ba7-9825-980556fc84b0:6','f055e4b5c9149b4b6fd4ef34e4341ca5611b9ee26edddb92ef31e40536bd9841','a2752b70d7f94d3da026552a8ba8b30ffa9bd13e4e15751510681d1d3a5970f4');
INSERT INTO "ledger" VALUES(45,'step','01a19467-e800-8ba7-9825-980556fc84b0:7','b33d8d4be9e42210a7573197540412cb930834029346a5670896a11d81145d17','291015e4b49affa9ff710510d802cb9ebd22962b8a28368dddcb4fba5d70af9c');
INSERT INTO "ledger" VALUES(46,'step','01a19467-e800-8ba7-9825-980556fc84b0:8','f48fd539d9b88b90f24abc6fbe40d3a5f520d95df4e4ca2408aa0d56c88c5409','d1c94e614577ddb4706a07681e3f2f56c4cd01f8114a146edc62df9f9989f304');
INSERT INTO "ledger" VALUES(47,'evidence','5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e','','efbbfb787b152251d88bf52ebf092d5c980b99442972ebb3696717ac908cd440');
CREATE TABLE mail (
	number INTEGER NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	received_at BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	CONSTRAINT pk_mail PRIMARY KEY (number)
);
CREATE TABLE nonces (
	device VARCHAR(64) NOT NULL, 
	nonce VARCHAR(64) NOT NULL, 
	spent_at DATETIME NOT NULL, 
	CONSTRAINT pk_nonces PRIMARY KEY (device, nonce)
);
CREATE TABLE observations (
	id VARCHAR(64) NOT NULL, 
	revision INTEGER NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	pass_id VARCHAR(96) NOT NULL, 
	captured_at DATETIME NOT NULL, 
	received_at DATETIME NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	cell BIGINT, 
	grid VARCHAR(32), 
	problem VARCHAR(64), 
	settled BOOLEAN NOT NULL, 
	finding TEXT NOT NULL, condensed BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_observations PRIMARY KEY (id), 
	CONSTRAINT ck_observations_problem_has_a_place CHECK (problem IS NULL OR cell IS NOT NULL), 
	CONSTRAINT fk_observations_problem_problems FOREIGN KEY(problem) REFERENCES problems (id)
);
INSERT INTO "observations" VALUES('01a1f71c-76fa-8587-8382-6480b5d33e1f',0,'vehicle-07','vehicle-07:1','2026-11-20 04:00:00.250000','2026-11-20 04:03:00.250000','road.pothole',627127585330540543,'999901001001001','p1',0,'{"v":1,"id":"01a1f71c-76fa-8587-8382-6480b5d33e1f","device":"vehicle-07","revision":0,"kind":"finding","pass_id":"vehicle-07:1","platform":"vehicle","rendered":false,"captured_at":"2026-11-20T04:00:00.250000Z","first_seen_at":"2026-11-20T04:00:00.250000Z","last_seen_at":"2026-11-20T04:00:01.250000Z","label":"road.pothole","score":0.7,"threshold":0.35,"probabilities":{"road.pothole":0.9},"frames_seen":5,"frames_offered":6,"position":{"latitude":30.0002,"longitude":110.0008,"height_hae_m":null,"shared":{"ee":2.25,"en":0.0,"nn":2.25},"own":{"ee":0.5,"en":0.1,"nn":0.5}},"position_refused":null,"measure":{"quantity":"area_m2","value":0.84,"sigma":0.11},"pixels_per_metre":90.0,"light":"day","model":{"name":"street-n","version":"0.1.0","sha256":"5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"},"evidence":[{"sha256":"5035614306f2d5757dd32de85899235178010bb4ce463898ad5dd81cc0b14093","kind":"near","media_type":"image/jpeg","size_bytes":40000,"width_px":640,"height_px":480,"box_xyxy_px":null,"taken_at":"2026-11-20T04:00:00.250000Z","redaction":{"method":"pixelate","by":"street-n 0.1.0","regions":0}}]}',0);
CREATE TABLE patches (
	sweep VARCHAR(64) NOT NULL, 
	known_from BIGINT NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	labels TEXT NOT NULL, 
	known_to BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	seen_at BIGINT NOT NULL, 
	cells BLOB NOT NULL, day VARCHAR(10) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_patches PRIMARY KEY (sweep, known_from, area, labels), 
	CONSTRAINT fk_patches_sweep_sweeps FOREIGN KEY(sweep) REFERENCES sweeps (id)
);
CREATE TABLE people (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	roles JSON NOT NULL, 
	department VARCHAR(64), 
	area VARCHAR(32) NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id)
);
CREATE TABLE photo_keys (
	"key" INTEGER NOT NULL, 
	photo VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_photo_keys PRIMARY KEY ("key", photo), 
	CONSTRAINT fk_photo_keys_photo_photos FOREIGN KEY(photo) REFERENCES photos (id)
);
CREATE TABLE photos (
	id VARCHAR(64) NOT NULL, 
	"case" VARCHAR(64) NOT NULL, 
	purpose VARCHAR(16) NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	taken_at DATETIME NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	looked_at DATETIME, 
	result TEXT, 
	CONSTRAINT pk_photos PRIMARY KEY (id), 
	CONSTRAINT ck_photos_looked_at_goes_with_result CHECK ((looked_at IS NULL) = (result IS NULL)), 
	CONSTRAINT fk_photos_case_cases FOREIGN KEY("case") REFERENCES cases (id)
);
CREATE TABLE precedents (
	"case" VARCHAR(64) NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	owner VARCHAR(80) NOT NULL, 
	grid VARCHAR(15) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_precedents PRIMARY KEY ("case"), 
	CONSTRAINT fk_precedents_case_cases FOREIGN KEY("case") REFERENCES cases (id)
);
CREATE TABLE problems (
	id VARCHAR(64) NOT NULL, 
	cell BIGINT NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_problems PRIMARY KEY (id)
);
INSERT INTO "problems" VALUES('p1',627127585330540543,'road.pothole','2026-11-20 04:00:00.250000','2026-11-20 05:00:00.250000','{"id": "p1", "place": {"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}, "probabilities": {"road.pothole": 0.8, "road.crack": 0.2}, "first_seen_at": "2026-11-20T04:00:00.250000Z", "last_seen_at": "2026-11-20T05:00:00.250000Z", "passes": 2, "observations": ["o1", "o2"], "sizes": [{"quantity": "area_m2", "value": 0.8, "sigma": 0.1}], "unseen": [], "pixels_per_metre": 91.5, "gist": null, "version": 2}');
CREATE TABLE quarantine (
	id VARCHAR(64) NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	received_at DATETIME NOT NULL, 
	reason_zh TEXT NOT NULL, 
	reason_en TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_quarantine PRIMARY KEY (id)
);
CREATE TABLE sessions (
	token_sha256 VARCHAR(64) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	started_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (token_sha256), 
	CONSTRAINT fk_sessions_person_people FOREIGN KEY(person) REFERENCES people (id)
);
CREATE TABLE steps (
	"case" VARCHAR(64) NOT NULL, 
	number INTEGER NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	"before" VARCHAR(16), 
	"after" VARCHAR(16) NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	note TEXT NOT NULL, 
	grounds JSON NOT NULL, 
	seal VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_steps PRIMARY KEY ("case", number), 
	CONSTRAINT fk_steps_case_cases FOREIGN KEY("case") REFERENCES cases (id)
);
INSERT INTO "steps" VALUES('01a19467-e800-898d-a509-6ac2fcfeac50',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8a71-9bcf-9d9fa0363a3e',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"clocks": {"confirm": {"started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T04:00:00+00:00"}}, "subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','708b978dc81c7188ac564ad426871a648935d85ba0e4d15984447fb6caa3868e');
INSERT INTO "steps" VALUES('01a19467-e800-8a71-9bcf-9d9fa0363a3e',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 01:00:00.000000','','{}','ed484cf99df7e76b13c62315c5fb4222efaabaf82bf1d32e43a73119340e9cfa');
INSERT INTO "steps" VALUES('01a19467-e800-85b7-8707-1c6a43f01e79',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"clocks": {"confirm": {"started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T04:00:00+00:00"}}, "subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','708b978dc81c7188ac564ad426871a648935d85ba0e4d15984447fb6caa3868e');
INSERT INTO "steps" VALUES('01a19467-e800-85b7-8707-1c6a43f01e79',2,'refute','reported','void','采集员小陈','collector','2026-11-01 01:00:00.000000','影子','{}','e0b05131837483779d10dd94d7e50afddcb05d65251cc5e7c7cb37545f51635c');
INSERT INTO "steps" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 00:00:00.000000','','{}','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712');
INSERT INTO "steps" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b',3,'file','confirmed','filed','值班长老李','supervisor','2026-11-01 00:00:00.000000','','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T02:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-05T04:00:00+00:00"}}}','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c');
INSERT INTO "steps" VALUES('01a19467-e800-8144-8706-953534fa20a7',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8144-8706-953534fa20a7',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 00:00:00.000000','','{}','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712');
INSERT INTO "steps" VALUES('01a19467-e800-8144-8706-953534fa20a7',3,'file','confirmed','filed','值班长老李','supervisor','2026-11-01 00:00:00.000000','','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T02:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-05T04:00:00+00:00"}}}','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c');
INSERT INTO "steps" VALUES('01a19467-e800-8144-8706-953534fa20a7',4,'dispatch','filed','dispatched','派遣员小周','dispatcher','2026-11-01 00:00:00.000000','','{"department": "roads", "clocks": {"handling": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-03T02:00:00+00:00"}}}','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd');
INSERT INTO "steps" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 00:00:00.000000','','{}','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712');
INSERT INTO "steps" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',3,'file','confirmed','filed','值班长老李','supervisor','2026-11-01 00:00:00.000000','','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T02:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-05T04:00:00+00:00"}}}','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c');
INSERT INTO "steps" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',4,'dispatch','filed','dispatched','派遣员小周','dispatcher','2026-11-01 00:00:00.000000','','{"department": "roads", "clocks": {"handling": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-03T02:00:00+00:00"}}}','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd');
INSERT INTO "steps" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',5,'accept','dispatched','handling','养护工老赵','handler','2026-11-02 06:00:00.000000','','{}','05774018bb7c32187b08bd2cb021f993b0526854fa8565367b64e7eb73271e50');
INSERT INTO "steps" VALUES('01a19467-e800-8be0-8c4b-82656afd3490',6,'finish','handling','handled','养护工老赵','handler','2026-11-02 06:00:00.000000','','{"department": "roads", "clocks": {"check": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-02T06:00:00+00:00", "due_at": "2026-11-03T22:00:00+00:00"}}}','5e9e87c642613914cfd179a935269da4fe8b72f9e69e0c76060e67f1e3e728f5');
INSERT INTO "steps" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 00:00:00.000000','','{}','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712');
INSERT INTO "steps" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',3,'file','confirmed','filed','值班长老李','supervisor','2026-11-01 00:00:00.000000','','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T02:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-05T04:00:00+00:00"}}}','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c');
INSERT INTO "steps" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',4,'dispatch','filed','dispatched','派遣员小周','dispatcher','2026-11-01 00:00:00.000000','','{"department": "roads", "clocks": {"handling": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-03T02:00:00+00:00"}}}','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd');
INSERT INTO "steps" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',5,'accept','dispatched','handling','养护工老赵','handler','2026-11-02 16:00:00.000000','','{}','9f5c1475c3fe6dc09a5edf4cae1a732e9a3047bf45f14f5fb8473f37fc0678d1');
INSERT INTO "steps" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',6,'finish','handling','handled','养护工老赵','handler','2026-11-02 16:00:00.000000','','{"department": "roads", "clocks": {"check": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-02T16:00:00+00:00", "due_at": "2026-11-04T08:00:00+00:00"}}}','f055e4b5c9149b4b6fd4ef34e4341ca5611b9ee26edddb92ef31e40536bd9841');
INSERT INTO "steps" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586',7,'approve','handled','closed','值班长老李','supervisor','2026-11-03 12:00:00.000000','','{}','b33d8d4be9e42210a7573197540412cb930834029346a5670896a11d81145d17');
INSERT INTO "steps" VALUES('01a19467-e800-8826-bbf8-9672f2772960',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8826-bbf8-9672f2772960',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 00:00:00.000000','','{}','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712');
INSERT INTO "steps" VALUES('01a19467-e800-8826-bbf8-9672f2772960',3,'file','confirmed','filed','值班长老李','supervisor','2026-11-01 00:00:00.000000','','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T02:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-05T04:00:00+00:00"}}}','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c');
INSERT INTO "steps" VALUES('01a19467-e800-8826-bbf8-9672f2772960',4,'dispatch','filed','dispatched','派遣员小周','dispatcher','2026-11-01 00:00:00.000000','','{"department": "roads", "clocks": {"handling": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-03T02:00:00+00:00"}}}','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd');
INSERT INTO "steps" VALUES('01a19467-e800-8826-bbf8-9672f2772960',5,'decline','dispatched','filed','养护工老赵','handler','2026-11-01 12:00:00.000000','不属我处','{"department": "roads", "clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T12:00:00+00:00", "due_at": "2026-11-01T14:00:00+00:00"}}}','c4c85b5ade9bfac2876d2f22adb5ea3fd337b6491e63e93c7baef4ac60db352f');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 00:00:00.000000','','{}','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',3,'file','confirmed','filed','值班长老李','supervisor','2026-11-01 00:00:00.000000','','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T02:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-05T04:00:00+00:00"}}}','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',4,'dispatch','filed','dispatched','派遣员小周','dispatcher','2026-11-01 00:00:00.000000','','{"department": "roads", "clocks": {"handling": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-03T02:00:00+00:00"}}}','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',5,'accept','dispatched','handling','养护工老赵','handler','2026-11-04 08:00:00.000000','','{}','19cb7c77913deeb8c1e7bafd2e64ccbd55c1d3371c56600bd67d69b9c5fe96b1');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',6,'finish','handling','handled','养护工老赵','handler','2026-11-04 08:00:00.000000','','{"department": "roads", "clocks": {"check": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-04T08:00:00+00:00", "due_at": "2026-11-06T00:00:00+00:00"}}}','b077f9389dd101bdd02f14eb05723b853ba0d1694cf410e2d6382bff91b1215f');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',7,'appeal','handled','handled','养护所老王','department','2026-11-04 09:00:00.000000','停电两天','{"stage": "handling", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-03T02:00:00+00:00", "department": "roads"}','78dfc734ac73f5ff47e85dc7b940cd01fb47001027b4d4916cdcb623d9b8193b');
INSERT INTO "steps" VALUES('01a19467-e800-8207-b245-c98113c89f20',8,'uphold','handled','handled','考核员小吴','evaluator','2026-11-04 18:00:00.000000','属实','{"stage": "handling", "started_at": "2026-11-01T00:00:00+00:00", "department": "roads"}','6bf0b65de394f2666f50583e39ef884c3a08b87f227a9254ee4cb7826b51c8e0');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',1,'report',NULL,'reported','machine','machine','2026-11-01 00:00:00.000000','','{"subject": {"grid": "999901001001001", "label": "road.pothole", "source": "patrol", "recurs": false}}','c70ae38f76f816ff84710084e721d365940e057e0f66f52d044f6bfc5db464ca');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',2,'confirm','reported','confirmed','采集员小陈','collector','2026-11-01 00:00:00.000000','','{}','665aeffd3eb5dc95182bca63ca0a9a48eef177b5d46a3c21cf9133a66603e712');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',3,'file','confirmed','filed','值班长老李','supervisor','2026-11-01 00:00:00.000000','','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-01T02:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-05T04:00:00+00:00"}}}','3ad5f7093ce34c38b1aadedea1c9a3e0422cbf00a59e5d404d3f0eaad741d16c');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',4,'dispatch','filed','dispatched','派遣员小周','dispatcher','2026-11-01 00:00:00.000000','','{"department": "roads", "clocks": {"handling": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-01T00:00:00+00:00", "due_at": "2026-11-03T02:00:00+00:00"}}}','78ad5d585af0179c24a9ae8074d320e464ab8602f4070c900d4545bbc35edffd');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',5,'accept','dispatched','handling','养护工老赵','handler','2026-11-02 16:00:00.000000','','{}','9f5c1475c3fe6dc09a5edf4cae1a732e9a3047bf45f14f5fb8473f37fc0678d1');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',6,'finish','handling','handled','养护工老赵','handler','2026-11-02 16:00:00.000000','','{"department": "roads", "clocks": {"check": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-02T16:00:00+00:00", "due_at": "2026-11-04T08:00:00+00:00"}}}','f055e4b5c9149b4b6fd4ef34e4341ca5611b9ee26edddb92ef31e40536bd9841');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',7,'approve','handled','closed','值班长老李','supervisor','2026-11-03 12:00:00.000000','','{}','b33d8d4be9e42210a7573197540412cb930834029346a5670896a11d81145d17');
INSERT INTO "steps" VALUES('01a19467-e800-8ba7-9825-980556fc84b0',8,'reopen','closed','filed','值班长老李','supervisor','2026-11-09 08:00:00.000000','又坏了','{"clocks": {"dispatch": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-09T08:00:00+00:00", "due_at": "2026-11-09T10:00:00+00:00"}, "whole": {"limit": "4\u5de5\u4f5c\u65f6", "started_at": "2026-11-09T08:00:00+00:00", "due_at": "2026-11-13T12:00:00+00:00"}}}','f48fd539d9b88b90f24abc6fbe40d3a5f520d95df4e4ca2408aa0d56c88c5409');
CREATE TABLE stretches (
	sweep VARCHAR(64) NOT NULL, 
	known_from BIGINT NOT NULL, 
	known_to BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	pass_id VARCHAR(96) NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	platform VARCHAR(16) NOT NULL, 
	model TEXT NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	started_at BIGINT NOT NULL, 
	lasted_ms BIGINT NOT NULL, 
	distance_cm BIGINT NOT NULL, 
	labels TEXT NOT NULL, 
	rendered BOOLEAN NOT NULL, ground VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_stretches PRIMARY KEY (sweep, known_from), 
	CONSTRAINT ck_stretches_known_for_a_while CHECK (known_from < known_to), 
	CONSTRAINT fk_stretches_sweep_sweeps FOREIGN KEY(sweep) REFERENCES sweeps (id)
);
CREATE TABLE suppressed_sights (
	finding VARCHAR(64) NOT NULL, 
	known_from BIGINT NOT NULL, 
	known_to BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	seen_at BIGINT NOT NULL, 
	problem VARCHAR(64) NOT NULL, 
	suppression VARCHAR(40) NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	model TEXT NOT NULL, 
	platform VARCHAR(16) NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_suppressed_sights PRIMARY KEY (finding, known_from), 
	CONSTRAINT ck_suppressed_sights_known_for_a_while CHECK (known_from < known_to)
);
CREATE TABLE sweeps (
	id VARCHAR(64) NOT NULL, 
	revision INTEGER NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	pass_id VARCHAR(96) NOT NULL, 
	stretch INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	last BOOLEAN NOT NULL, 
	sweep TEXT NOT NULL, told BOOLEAN DEFAULT 0 NOT NULL, erased BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_sweeps PRIMARY KEY (id)
);
INSERT INTO "sweeps" VALUES('01a1f71c-76fa-84cf-8345-8340c97d6941',0,'vehicle-07','vehicle-07:1',0,'2026-11-20 04:00:00.250000',1,'{"v":1,"id":"01a1f71c-76fa-84cf-8345-8340c97d6941","device":"vehicle-07","revision":0,"kind":"sweep","pass_id":"vehicle-07:1","platform":"vehicle","rendered":false,"stretch":0,"started_at":"2026-11-20T04:00:00.250000Z","ended_at":"2026-11-20T04:00:50.250000Z","distance_m":300.0,"frames":500,"frame_distance_m":0.6,"position_sigma_m":1.5,"model":{"name":"street-n","version":"0.1.0","sha256":"5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"},"inspected":[{"labels":["road.pothole"],"resolution":13,"cells":"eNrbf+LZ4a/LGl5xOIBBAyMIAmlOIOcAY8PVz4IOIP4BRhByaMgFqwEAXa0T1Q==","pixels_per_metre":"eNoTF8cPAC+QAuE=","quality":0.9,"light":"day"}],"hidden":[{"reason":"occluded","resolution":13,"cells":"eNrbf+DZ4a/LGl5xNDA6ODQwAgBNYwe4"}],"last":true}',0,0);
CREATE TABLE swept_cells (
	cell BIGINT NOT NULL, 
	sweep VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_swept_cells PRIMARY KEY (cell, sweep), 
	CONSTRAINT fk_swept_cells_sweep_sweeps FOREIGN KEY(sweep) REFERENCES sweeps (id)
);
INSERT INTO "swept_cells" VALUES(627127585368104959,'01a1f71c-76fa-84cf-8345-8340c97d6941');
INSERT INTO "swept_cells" VALUES(627127585368088575,'01a1f71c-76fa-84cf-8345-8340c97d6941');
INSERT INTO "swept_cells" VALUES(627127585330540543,'01a1f71c-76fa-84cf-8345-8340c97d6941');
CREATE TABLE tasks (
	id VARCHAR(64) NOT NULL, 
	"case" VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	department VARCHAR(64), 
	person VARCHAR(64), 
	made_at DATETIME NOT NULL, 
	due_at DATETIME, 
	suggestion TEXT, 
	status VARCHAR(16) NOT NULL, 
	ended_at DATETIME, 
	ended_by VARCHAR(64), 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT ck_tasks_ended_at_goes_with_status CHECK ((ended_at IS NOT NULL) = (status <> 'open')), 
	CONSTRAINT ck_tasks_ended_at_goes_with_ended_by CHECK ((ended_at IS NULL) = (ended_by IS NULL)), 
	CONSTRAINT fk_tasks_case_cases FOREIGN KEY("case") REFERENCES cases (id)
);
CREATE TABLE tips (
	id VARCHAR(64) NOT NULL, 
	key_sha256 VARCHAR(64) NOT NULL, 
	"case" VARCHAR(64) NOT NULL, 
	received_at DATETIME NOT NULL, 
	contact TEXT, 
	CONSTRAINT pk_tips PRIMARY KEY (id), 
	CONSTRAINT fk_tips_case_cases FOREIGN KEY("case") REFERENCES cases (id), 
	CONSTRAINT uq_tips_key_sha256 UNIQUE (key_sha256)
);
CREATE TABLE verdicts (
	question VARCHAR(16) NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	who VARCHAR(120) NOT NULL, 
	yes INTEGER NOT NULL, 
	no INTEGER NOT NULL, 
	CONSTRAINT pk_verdicts PRIMARY KEY (question, label, who)
);
CREATE INDEX ix_cases_cell ON cases (cell);
CREATE INDEX ix_cases_problem ON cases (problem);
CREATE INDEX ix_cases_reported_at ON cases (reported_at);
CREATE INDEX ix_cases_rings_at ON cases (rings_at);
CREATE INDEX ix_nonces_spent_at ON nonces (spent_at);
CREATE INDEX ix_problems_cell ON problems (cell);
CREATE INDEX ix_quarantine_received_at ON quarantine (received_at);
CREATE INDEX ix_sweeps_pass_id_stretch ON sweeps (pass_id, stretch);
CREATE INDEX ix_accounts_person ON accounts (person);
CREATE INDEX ix_observations_cell ON observations (cell);
CREATE INDEX ix_observations_pass_id_captured_at ON observations (pass_id, captured_at);
CREATE INDEX ix_observations_problem ON observations (problem);
CREATE INDEX ix_photos_case ON photos ("case");
CREATE INDEX ix_photos_looked_at_taken_at ON photos (looked_at, taken_at);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE INDEX ix_sessions_person ON sessions (person);
CREATE INDEX ix_swept_cells_sweep ON swept_cells (sweep);
CREATE INDEX ix_tasks_case ON tasks ("case");
CREATE INDEX ix_tasks_person_status ON tasks (person, status);
CREATE INDEX ix_tasks_status_role_department ON tasks (status, role, department);
CREATE INDEX ix_components_cell ON components (cell);
CREATE INDEX ix_components_current ON components (id) WHERE valid_until IS NULL;
CREATE INDEX ix_precedents_ground ON precedents (grid, label, owner);
CREATE INDEX ix_tips_case ON tips ("case");
CREATE INDEX ix_steps_reporter ON steps ("by", "case") WHERE number = 1;
CREATE INDEX ix_sweeps_untold ON sweeps (id) WHERE NOT told;
CREATE INDEX ix_stretches_at ON stretches (at);
CREATE INDEX ix_patches_at ON patches (at);
CREATE INDEX ix_patches_area_seen_at ON patches (area, seen_at);
CREATE INDEX ix_cases_map_open ON cases (latitude, longitude, cell, status, grid, department, id, ended_at) WHERE ended_at IS NULL;
CREATE INDEX ix_cases_map_ended ON cases (ended_at, latitude, longitude, cell, status, grid, department, id) WHERE ended_at IS NOT NULL;
CREATE INDEX ix_tasks_open ON tasks (role, due_at, id, area, department, person) WHERE status = 'open';
CREATE INDEX ix_arrivals_id ON arrivals (id);
CREATE INDEX ix_erasures_subject_at ON erasures (subject, at);
CREATE INDEX ix_erased_files_unremoved ON erased_files (sha256) WHERE NOT removed;
CREATE INDEX ix_photos_sha256 ON photos (sha256);
CREATE INDEX ix_arrivals_hazard ON arrivals (mail, place) WHERE hazard;
CREATE INDEX ix_photo_keys_photo ON photo_keys (photo);
CREATE INDEX ix_observations_read_cell ON observations (cell) WHERE NOT condensed;
CREATE INDEX ix_observations_read_problem ON observations (problem) WHERE NOT condensed;
CREATE INDEX ix_cases_merged_into ON cases (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ix_cases_merged_cell ON cases (cell) WHERE merged_into IS NOT NULL;
CREATE INDEX ix_observations_unsettled ON observations (received_at) WHERE NOT settled AND problem IS NOT NULL;
CREATE INDEX ix_suppressed_sights_at ON suppressed_sights (at);
CREATE INDEX ix_suppressed_sights_problem ON suppressed_sights (problem);
CREATE INDEX ix_patches_day_area ON patches (day, area);
CREATE INDEX ix_sweeps_kept ON sweeps (started_at) WHERE NOT erased;
CREATE INDEX ix_steps_holding ON steps ("case") WHERE action IN ('hold', 'appeal');
CREATE INDEX ix_facts_counting ON facts (kind, ends_at, known_from, known_to, at, due_at, done_at, lapsed_at, noted_at, suspended, exempt, word, source, recurs, area, department, label, since, reason, pass_id, worked_for);
CREATE INDEX ix_facts_lasting ON facts (kind, ends_at, known_from, known_to, at, due_at, done_at, lapsed_at, noted_at, suspended, exempt, word, source, recurs, area, department, label, since, reason, pass_id, worked_for) WHERE ends_at - known_from > 2678400000000;
CREATE INDEX ix_cases_newest ON cases (status, id, grid, department, label);
CREATE INDEX ix_cases_newest_of_department ON cases (department, status, id, grid, label);
CREATE INDEX ix_cases_newest_of_label ON cases (label, status, id, grid, department);
CREATE INDEX ix_cases_grid ON cases (grid, status, id, department, label);
CREATE INDEX ix_cases_numbered ON cases (number_end, id, grid, department, label, status);
CREATE INDEX ix_cases_open ON cases (status, overdue_at, id, reported_at, grid, department, label, number_end, ended_at) WHERE ended_at IS NULL;
CREATE INDEX ix_cases_due ON cases (overdue_at, id, reported_at, grid, department, label, number_end, status, ended_at) WHERE ended_at IS NULL;
COMMIT;

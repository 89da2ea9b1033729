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
INSERT INTO "alembic_version" VALUES('2026_11_21_first');
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
	version INTEGER NOT NULL, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT ck_cases_ended_at_goes_with_status CHECK ((ended_at IS NOT NULL) = (status IN ('closed', 'void'))), 
	CONSTRAINT ck_cases_suspended_until_goes_with_status CHECK ((suspended_until IS NOT NULL) = (status = 'suspended')), 
	CONSTRAINT fk_cases_merged_into_cases FOREIGN KEY(merged_into) REFERENCES cases (id), 
	CONSTRAINT fk_cases_recurs_cases FOREIGN KEY(recurs) REFERENCES cases (id)
);
INSERT INTO "cases" VALUES('01a19467-e800-898d-a509-6ac2fcfeac50','1','road.pothole','reported',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8a71-9bcf-9d9fa0363a3e','2','road.pothole','confirmed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{}',0);
INSERT INTO "cases" VALUES('01a19467-e800-85b7-8707-1c6a43f01e79','3','road.pothole','void',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000','2026-11-01 01:00:00.000000',NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8f46-98a4-ae5ebed3ee4b','4','road.pothole','filed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-01 01:36:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8144-8706-953534fa20a7','5','road.pothole','dispatched','roads',NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-02 16:00:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8be0-8c4b-82656afd3490','6','road.pothole','handled','roads','养护工老赵','999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-03 14:00:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-02T06:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-02T06:00:00Z", "warn_at": "2026-11-03T14:00:00Z", "due_at": "2026-11-03T22:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8ac2-b28a-4b8c73489586','7','road.pothole','closed','roads','养护工老赵','999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000','2026-11-03 12:00:00.000000',NULL,NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": "2026-11-03T12:00:00Z", "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-02T16:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-02T16:00:00Z", "warn_at": "2026-11-04T00:00:00Z", "due_at": "2026-11-04T08:00:00Z", "paused_at": null, "stopped_at": "2026-11-03T12:00:00Z", "fired": "green"}}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8826-bbf8-9672f2772960','8','road.pothole','filed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-01 13:36:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T12:00:00Z", "warn_at": "2026-11-01T13:36:00Z", "due_at": "2026-11-01T14:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T12:00:00Z", "fired": "green"}}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8207-b245-c98113c89f20','9','road.pothole','handled','roads','养护工老赵','999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-04 08:00:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-01T01:36:00Z", "due_at": "2026-11-01T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-01T00:00:00Z", "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-04T08:00:00Z", "due_at": "2026-11-05T04:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-04T08:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-04T08:00:00Z", "warn_at": "2026-11-05T16:00:00Z", "due_at": "2026-11-06T00:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}}',0);
INSERT INTO "cases" VALUES('01a19467-e800-8ba7-9825-980556fc84b0','10','road.pothole','filed',NULL,NULL,'999901001001001',1.0,627127585330540543,'patrol',1,'2026-11-01 00:00:00.000000',NULL,'2026-11-09 09:36:00.000000',NULL,NULL,NULL,'{"key": {"standard": "GB/T 47678.5-2026", "kind": "matter", "code": "06013"}, "name_zh": "\u9053\u8def\u7834\u635f", "name_en": "Road damage", "major_zh": "\u5e02\u5bb9\u73af\u5883", "label": "road.pothole", "threshold": {"quantity": "area_m2", "value": 0.5}, "or_filed_from": [], "severities": [], "evidence": ["after"], "counterparts": [], "filing_zh": "\u9762\u79ef\u4e0d\u5c0f\u4e8e 0.5 \u5e73\u65b9\u7c73", "filing_en": "0.5 m\u00b2 or more", "closing_zh": "\u5df2\u4fee\u590d", "closing_en": "repaired", "hazard": true, "person_always": true, "same_hour": true, "returns": true, "seen_as": null}','{"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}',NULL,'{"dispatch": {"stage": "dispatch", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-09T08:00:00Z", "warn_at": "2026-11-09T09:36:00Z", "due_at": "2026-11-09T10:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "whole": {"stage": "whole", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-09T08:00:00Z", "warn_at": "2026-11-12T16:00:00Z", "due_at": "2026-11-13T12:00:00Z", "paused_at": null, "stopped_at": null, "fired": "green"}, "handling": {"stage": "handling", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-01T00:00:00Z", "warn_at": "2026-11-02T16:00:00Z", "due_at": "2026-11-03T02:00:00Z", "paused_at": null, "stopped_at": "2026-11-02T16:00:00Z", "fired": "green"}, "check": {"stage": "check", "original": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "limit": {"written": "4\u5de5\u4f5c\u65f6", "amount": 4.0, "clock": "working_hours"}, "started_at": "2026-11-02T16:00:00Z", "warn_at": "2026-11-04T00:00:00Z", "due_at": "2026-11-04T08:00:00Z", "paused_at": null, "stopped_at": "2026-11-03T12:00:00Z", "fired": "green"}}',0);
CREATE TABLE devices (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	public_key BLOB NOT NULL, 
	registered_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	last_heartbeat TEXT, 
	CONSTRAINT pk_devices PRIMARY KEY (id)
);
CREATE TABLE evidence (
	sha256 VARCHAR(64) NOT NULL, 
	received_at DATETIME NOT NULL, 
	CONSTRAINT pk_evidence PRIMARY KEY (sha256)
);
INSERT INTO "evidence" VALUES('5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e','2026-11-20 04:00:00.250000');
CREATE TABLE invitations (
	code_sha256 VARCHAR(64) NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_invitations PRIMARY KEY (code_sha256)
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
	finding TEXT NOT NULL, 
	CONSTRAINT pk_observations PRIMARY KEY (id), 
	CONSTRAINT ck_observations_problem_has_a_place CHECK (problem IS NULL OR cell IS NOT NULL), 
	CONSTRAINT fk_observations_problem_problems FOREIGN KEY(problem) REFERENCES problems (id)
);
INSERT INTO "observations" VALUES('01a1f71c-76fa-8587-8382-6480b5d33e1f',0,'vehicle-07','vehicle-07:1','2026-11-20 04:00:00.250000','2026-11-20 04:03:00.250000','road.pothole',627127585330540543,'999901001001001','p1',0,'{"v":1,"id":"01a1f71c-76fa-8587-8382-6480b5d33e1f","device":"vehicle-07","revision":0,"kind":"finding","pass_id":"vehicle-07:1","platform":"vehicle","rendered":false,"captured_at":"2026-11-20T04:00:00.250000Z","first_seen_at":"2026-11-20T04:00:00.250000Z","last_seen_at":"2026-11-20T04:00:01.250000Z","label":"road.pothole","score":0.7,"threshold":0.35,"probabilities":{"road.pothole":0.9},"frames_seen":5,"frames_offered":6,"position":{"latitude":30.0002,"longitude":110.0008,"height_hae_m":null,"shared":{"ee":2.25,"en":0.0,"nn":2.25},"own":{"ee":0.5,"en":0.1,"nn":0.5}},"position_refused":null,"measure":{"quantity":"area_m2","value":0.84,"sigma":0.11},"pixels_per_metre":90.0,"light":"day","model":{"name":"street-n","version":"0.1.0","sha256":"5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"},"evidence":[{"sha256":"5035614306f2d5757dd32de85899235178010bb4ce463898ad5dd81cc0b14093","kind":"near","media_type":"image/jpeg","size_bytes":40000,"width_px":640,"height_px":480,"box_xyxy_px":null,"taken_at":"2026-11-20T04:00:00.250000Z","redaction":{"method":"pixelate","by":"street-n 0.1.0","regions":0}}]}');
CREATE TABLE people (
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	roles JSON NOT NULL, 
	department VARCHAR(64), 
	area VARCHAR(32) NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id)
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
CREATE TABLE problems (
	id VARCHAR(64) NOT NULL, 
	cell BIGINT NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_problems PRIMARY KEY (id)
);
INSERT INTO "problems" VALUES('p1',627127585330540543,'road.pothole','2026-11-20 04:00:00.250000','2026-11-20 05:00:00.250000','{"id": "p1", "place": {"latitude": 30.0002, "longitude": 110.0008, "ee": 1.5, "en": 0.1, "nn": 1.25, "address": "\u793a\u8303\u8def 12 \u53f7"}, "probabilities": {"road.pothole": 0.8, "road.crack": 0.2}, "first_seen_at": "2026-11-20T04:00:00.250000Z", "last_seen_at": "2026-11-20T05:00:00.250000Z", "passes": 2, "observations": ["o1", "o2"], "sizes": [{"quantity": "area_m2", "value": 0.8, "sigma": 0.1}], "unseen": [], "pixels_per_metre": 91.5, "version": 2}');
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
CREATE TABLE sweeps (
	id VARCHAR(64) NOT NULL, 
	revision INTEGER NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	pass_id VARCHAR(96) NOT NULL, 
	stretch INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	last BOOLEAN NOT NULL, 
	sweep TEXT NOT NULL, 
	CONSTRAINT pk_sweeps PRIMARY KEY (id)
);
INSERT INTO "sweeps" VALUES('01a1f71c-76fa-84cf-8345-8340c97d6941',0,'vehicle-07','vehicle-07:1',0,'2026-11-20 04:00:00.250000',1,'{"v":1,"id":"01a1f71c-76fa-84cf-8345-8340c97d6941","device":"vehicle-07","revision":0,"kind":"sweep","pass_id":"vehicle-07:1","platform":"vehicle","rendered":false,"stretch":0,"started_at":"2026-11-20T04:00:00.250000Z","ended_at":"2026-11-20T04:00:50.250000Z","distance_m":300.0,"frames":500,"frame_distance_m":0.6,"position_sigma_m":1.5,"model":{"name":"street-n","version":"0.1.0","sha256":"5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"},"inspected":[{"labels":["road.pothole"],"resolution":13,"cells":"eNrbf+LZ4a/LGl5xOIBBAyMIAmlOIOcAY8PVz4IOIP4BRhByaMgFqwEAXa0T1Q==","pixels_per_metre":"eNoTF8cPAC+QAuE=","quality":0.9,"light":"day"}],"hidden":[{"reason":"occluded","resolution":13,"cells":"eNrbf+DZ4a/LGl5xNDA6ODQwAgBNYwe4"}],"last":true}');
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
CREATE TABLE verdicts (
	question VARCHAR(16) NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	who VARCHAR(120) NOT NULL, 
	yes INTEGER NOT NULL, 
	no INTEGER NOT NULL, 
	CONSTRAINT pk_verdicts PRIMARY KEY (question, label, who)
);
CREATE INDEX ix_cases_cell ON cases (cell);
CREATE INDEX ix_cases_department_status_id ON cases (department, status, id);
CREATE INDEX ix_cases_grid_status_id ON cases (grid, status, id);
CREATE INDEX ix_cases_problem ON cases (problem);
CREATE INDEX ix_cases_reported_at ON cases (reported_at);
CREATE INDEX ix_cases_rings_at ON cases (rings_at);
CREATE INDEX ix_cases_status_id ON cases (status, id);
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
COMMIT;

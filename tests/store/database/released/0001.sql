BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE hr_proof (
	imported INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_hr_proof PRIMARY KEY (imported, place), 
	CONSTRAINT fk_hr_proof_imported FOREIGN KEY(imported) REFERENCES log (seq)
);
INSERT INTO "hr_proof" VALUES(1,0,'99f65837e7f84affa4811aeb11173e6a2edb52dc002e3c76efb31ecd74a9990d');
INSERT INTO "hr_proof" VALUES(1,1,'b546e584584863823a235748feb18bb3f35b6336502640d60eeeac960ce0f261');
INSERT INTO "hr_proof" VALUES(2,0,'087f6092ff12d1b919a7ebb4902815cc0135763a7c51294d474a1c00b49d381d');
INSERT INTO "hr_proof" VALUES(2,1,'76f5391ca78e85fc8f5786f7d57866f55e8dc8549d39c6d28d7ee1796978c3f5');
CREATE TABLE hr_row (
	hr_row INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(32) NOT NULL, 
	"key" TEXT NOT NULL, 
	person INTEGER, 
	content TEXT NOT NULL, 
	source TEXT NOT NULL, 
	imported INTEGER NOT NULL, 
	replaced INTEGER, 
	CONSTRAINT fk_hr_row_person FOREIGN KEY(person) REFERENCES person (person), 
	CONSTRAINT fk_hr_row_imported FOREIGN KEY(imported) REFERENCES log (seq), 
	CONSTRAINT fk_hr_row_replaced FOREIGN KEY(replaced) REFERENCES log (seq)
);
INSERT INTO "hr_row" VALUES(1,'agents','A1',1,'{"agent_id":"A1","team":"x"}','{"file":"agents.csv","line":2,"salt":"aaf1a663d579230bb4453dde8d0bb6ec"}',1,2);
INSERT INTO "hr_row" VALUES(3,'agents','A1',1,'{"agent_id":"A1","team":"y"}','{"file":"agents.csv","line":2,"salt":"b4f268ffa66f16d544f6356941a1ef91"}',2,NULL);
CREATE TABLE log (
	seq INTEGER NOT NULL, 
	at VARCHAR(20) NOT NULL, 
	actor VARCHAR(128) NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	about TEXT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_log PRIMARY KEY (seq)
);
INSERT INTO "log" VALUES(1,'2026-10-01T12:00:00Z','h','hr import','{"files":[{"name":"0.csv","sha256":"0"}],"hash":"3979019fa52c0325cc24117e2aad5f7c2864d45e98a91ececaf139a9f0ca9826","tables":{"agents":{"added":2,"changed":0,"removed":0}}}','0000000000000000000000000000000000000000000000000000000000000000','7229bd811782e02586e342a3ded01dd906c58cb3a215dde40119aa4044e2b371');
INSERT INTO "log" VALUES(2,'2026-10-01T12:00:00Z','h','hr import','{"files":[{"name":"1.csv","sha256":"0"}],"hash":"4883b20c5c9f113ac67f1a6d39ff16957f6480468ac9e23912ed011af6a859cb","tables":{"agents":{"added":0,"changed":2,"removed":0}}}','7229bd811782e02586e342a3ded01dd906c58cb3a215dde40119aa4044e2b371','415e4b3d60debbe48873a7e73c237ffe36fb4b233f1d5cc122390e180c9debea');
INSERT INTO "log" VALUES(3,'2026-10-01T12:00:00Z','ana ?','publish','{"first_day":"2026-10-19","hash":"6481867ab338471d0a13a56d51ca2b09c5c5fa57301bb5c18684ad790ebafcbc","number":1,"override":"","plan":"bank","reason":"r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800","run":""}','415e4b3d60debbe48873a7e73c237ffe36fb4b233f1d5cc122390e180c9debea','9bb19892f86e9bed586555e617322903fffb19ce69138920bf50a27e6ffe31d4');
INSERT INTO "log" VALUES(4,'2026-10-01T12:00:00Z','ana ?','publish','{"first_day":"2026-10-19","hash":"ff173950e0b6a4ae7b33063fe22686cfb673dd5fd635126c16a2e10c5f9f9a33","number":2,"override":"","plan":"bank","reason":"r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800r\u0000\ud800","run":""}','9bb19892f86e9bed586555e617322903fffb19ce69138920bf50a27e6ffe31d4','d8589f695cbf200042a59a4bc8dd58af9c0c3bfdd2ded2da81571639493f0ed9');
INSERT INTO "log" VALUES(5,'1999-01-01T00:00:00Z','bo','rollback','{"first_day":"2026-10-19","hash":"29f997da49ddbadf2761e7c47091a12ed802e317c0515a655f044973cd85b213","number":3,"of":1,"override":"","plan":"bank","reason":""}','d8589f695cbf200042a59a4bc8dd58af9c0c3bfdd2ded2da81571639493f0ed9','6cf95ab67ddd41acae8f22b5da64aad90366dbbe71dbc2752d49490e6ae327f0');
INSERT INTO "log" VALUES(6,'2026-10-01T12:00:00Z','h','forget','{"person":2,"rows":2,"weeks":3}','6cf95ab67ddd41acae8f22b5da64aad90366dbbe71dbc2752d49490e6ae327f0','07c866be314d7b2133be384a83e59f2811d0ddd7aa4749edd5b1fd41f2686208');
CREATE TABLE person (
	person INTEGER NOT NULL, 
	agent_id VARCHAR(64), 
	forgotten_at VARCHAR(20), 
	CONSTRAINT pk_person PRIMARY KEY (person), 
	CONSTRAINT uq_person_agent_id UNIQUE (agent_id)
);
INSERT INTO "person" VALUES(1,'A1',NULL);
INSERT INTO "person" VALUES(2,NULL,'2026-10-01T12:00:00Z');
INSERT INTO "person" VALUES(3,'C3',NULL);
CREATE TABLE published (
	revision INTEGER NOT NULL, 
	person INTEGER NOT NULL, 
	content TEXT, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_published PRIMARY KEY (revision, person), 
	CONSTRAINT fk_published_revision FOREIGN KEY(revision) REFERENCES revision (revision), 
	CONSTRAINT fk_published_person FOREIGN KEY(person) REFERENCES person (person)
);
INSERT INTO "published" VALUES(1,1,'["bf1092ed36df80988c0359ccce2c2bc8",{"agent_id":"A1","loads":[["2026-10-19",0.0,1.5,0.5,0.0]],"promises":{"wishes":1.0},"shifts":[]}]','283a5649cb1fe2714dc64daafb2f7448a72b0ccb2fde85e976bb4dc96e9ebd71');
INSERT INTO "published" VALUES(1,2,NULL,'a7713118f733d7b800bb6cc8b4a2082f42bdaf20fc3f4113b11b441ee0f1526f');
INSERT INTO "published" VALUES(1,3,'["cdc624b1d53c9903de09dc2569e11d41",{"agent_id":"C3","loads":[["2026-10-19",0.0,1.5,0.5,0.0]],"promises":{"wishes":1.0},"shifts":[]}]','b82acafe7d345a37d70ef42bae5bfbc440846b41ae21a73fad2ef6daefedbf46');
INSERT INTO "published" VALUES(2,1,'["76ad4bcea066c491849b2a56ec595e35",{"agent_id":"A1","loads":[["2026-10-19",0.0,1.5,0.5,0.0]],"promises":{"wishes":1.0},"shifts":[]}]','8d5307b868b07ef5e20ed15c73c8ed3f4feb901a61ee1bbf3e7e34f432bab6d8');
INSERT INTO "published" VALUES(2,2,NULL,'ed58478977971e950660f546473b1a45c262e61afc0712d1ce711b5e64e96228');
INSERT INTO "published" VALUES(2,3,'["898b051260a65a36fb0eb01561a456e9",{"agent_id":"C3","loads":[["2026-10-19",0.0,1.5,0.5,0.0]],"promises":{"wishes":1.0},"shifts":[]}]','a4c9d9590a8a8bf17b7d4235716f30eb0b3cc74919ad97ded6bc7aa77afb704a');
INSERT INTO "published" VALUES(3,1,'["227b94a87a47abae88fb778d266b7055",{"agent_id":"A1","loads":[["2026-10-19",0.0,1.5,0.5,0.0]],"promises":{"wishes":1.0},"shifts":[]}]','cc5a3c4da20842b5f89f331870cd5bd13353d456ce067f15408e842aa5a39b48');
INSERT INTO "published" VALUES(3,2,NULL,'adff0dcb32db5ed3a3c2fd9502b1306e436b8d3b25cf8fd9f76a43bbe957f053');
INSERT INTO "published" VALUES(3,3,'["9c3b84cefd08abdc01d2e37bff4221a9",{"agent_id":"C3","loads":[["2026-10-19",0.0,1.5,0.5,0.0]],"promises":{"wishes":1.0},"shifts":[]}]','0167befd7e4f3aa40c34c931c472aca6a8fe2ddef83c82ef66a67721b5e78760');
CREATE TABLE revision (
	revision INTEGER NOT NULL, 
	week INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	log_seq INTEGER NOT NULL, 
	head TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (revision), 
	CONSTRAINT uq_revision_week_number UNIQUE (week, number), 
	CONSTRAINT fk_revision_week FOREIGN KEY(week) REFERENCES week (week), 
	CONSTRAINT fk_revision_log_seq FOREIGN KEY(log_seq) REFERENCES log (seq)
);
INSERT INTO "revision" VALUES(1,1,1,3,'{"about":{"asked":"first"},"days":7,"first_day":"2026-10-19","schedule_id":"s","timezone":"Europe/Dublin","trace":{}}','6481867ab338471d0a13a56d51ca2b09c5c5fa57301bb5c18684ad790ebafcbc');
INSERT INTO "revision" VALUES(2,1,2,4,'{"about":{"asked":"second"},"days":7,"first_day":"2026-10-19","schedule_id":"s","timezone":"Europe/Dublin","trace":{}}','ff173950e0b6a4ae7b33063fe22686cfb673dd5fd635126c16a2e10c5f9f9a33');
INSERT INTO "revision" VALUES(3,1,3,5,'{"about":{"asked":"first"},"days":7,"first_day":"2026-10-19","schedule_id":"s","timezone":"Europe/Dublin","trace":{}}','29f997da49ddbadf2761e7c47091a12ed802e317c0515a655f044973cd85b213');
CREATE TABLE week (
	week INTEGER NOT NULL, 
	"plan" VARCHAR(64) NOT NULL, 
	first_day VARCHAR(10) NOT NULL, 
	number INTEGER NOT NULL, 
	CONSTRAINT pk_week PRIMARY KEY (week), 
	CONSTRAINT uq_week_plan_first_day UNIQUE ("plan", first_day)
);
INSERT INTO "week" VALUES(1,'bank','2026-10-19',3);
CREATE INDEX ix_published_person ON published (person);
CREATE INDEX ix_hr_row_kind_replaced ON hr_row (kind, replaced);
CREATE INDEX ix_hr_row_person ON hr_row (person);
CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'rows of log are only ever added'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'rows of log are only ever added'); END;
CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision BEGIN SELECT RAISE(ABORT, 'rows of revision are only ever added'); END;
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'rows of revision are only ever added'); END;
CREATE TRIGGER hr_proof_no_update BEFORE UPDATE ON hr_proof BEGIN SELECT RAISE(ABORT, 'rows of hr_proof are only ever added'); END;
CREATE TRIGGER hr_proof_no_delete BEFORE DELETE ON hr_proof BEGIN SELECT RAISE(ABORT, 'rows of hr_proof are only ever added'); END;
CREATE TRIGGER published_no_update BEFORE UPDATE ON published WHEN NEW.content IS NOT NULL OR NEW.hash <> OLD.hash BEGIN SELECT RAISE(ABORT, 'rows of published are only ever added'); END;
CREATE TRIGGER published_no_delete BEFORE DELETE ON published BEGIN SELECT RAISE(ABORT, 'rows of published are only ever added'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('hr_row',4);
COMMIT;

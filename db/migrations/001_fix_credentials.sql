-- One row for each FIX session. verifier and sealed_totp_secret are of no use without the venue's keys.
CREATE TABLE fix_credentials (
    fix_session_id BIGINT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    scheme TEXT NOT NULL,
    verifier TEXT NOT NULL,
    totp_rule TEXT NOT NULL,
    sealed_totp_secret TEXT NOT NULL
);
CREATE UNIQUE INDEX fix_credentials_by_username ON fix_credentials (username);

-- A campaign or template whose text is edited looks for the proposal that it began as.
create index assistant_choice_target on assistant_choice (profile_id, target_id);

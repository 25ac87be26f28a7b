-- Objectives are an advisor's words and go with the other texts: the sweep finds the rows that still have any.
drop index assistant_log_texts;
create index assistant_log_texts on assistant_log (at) where prompt is not null or answer is not null or objective is not null;
drop index assistant_variation_texts;
create index assistant_variation_texts on assistant_variation (created_at) where text is not null or objective is not null;

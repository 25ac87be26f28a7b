-- A stream's row changes with every append, and no index holds what changes: with room on its page it stays there, and no index is written.
alter table mt_streams set (fillfactor = 70);

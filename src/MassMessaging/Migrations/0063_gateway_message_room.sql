-- Each receipt changes its row once, and no index holds what changes: with room on its page it stays there, and no index is written.
alter table gateway_message set (fillfactor = 70);

"""Records: what was asked, scored, decided and agreed, kept so that any later change of it can be found."""

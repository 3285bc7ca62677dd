-- Where the page of a customer leads back to when the interview is over: an address of the business system, of a listed site.
ALTER TABLE invitations ADD COLUMN return_url TEXT;

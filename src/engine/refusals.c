/*
 * What the server says when it refuses a line: short, as servers are. The long explanation is
 * registry/mistakes.h. Codes are the rows of smtp/mistake.h.
 */
#include "engine/inner.h"

static const char *const texts[MISTAKE_COUNT] = {
    [MISTAKE_EMPTY_LINE] = "This line is empty; a command was due",
    [MISTAKE_LEADING_SPACE] = "A command starts at the beginning of its line, without a space",
    [MISTAKE_UNKNOWN_VERB] = "Command not recognized",
    [MISTAKE_MISSPELT_VERB] = "Command not recognized; is it misspelt?",
    [MISTAKE_HEADER_AS_COMMAND] = "Command not recognized; header lines belong after DATA",
    [MISTAKE_HTTP_REQUEST] = "Command not recognized; this is a mail server, not a web server",
    [MISTAKE_CONSOLE_WORD] = "Command not recognized",
    [MISTAKE_REPLY_AS_COMMAND] = "Command not recognized; this looks like a reply of a server",
    [MISTAKE_LINE_TOO_LONG] = "Line too long",
    [MISTAKE_CONTROL_OCTET] = "A command must not hold control characters such as backspace",
    [MISTAKE_BARE_LF] = "A line must end in CR LF, not in LF alone",
    [MISTAKE_BARE_CR] = "A CR must not stand in the middle of a line",
    [MISTAKE_EIGHT_BIT] = "Only ASCII characters may stand here",
    [MISTAKE_HELO_BAD_NAME] = "This is no valid name of a host",
    [MISTAKE_TWO_ADDRESSES] = "One command takes one address; send RCPT again for the next one",
    [MISTAKE_NO_DOMAIN] = "The address needs a domain: name@domain",
    [MISTAKE_NO_LOCAL_PART] = "The address needs a name before the @",
    [MISTAKE_BAD_LOCAL_PART] = "What stands before the @ is no valid name of a mailbox",
    [MISTAKE_SPACE_IN_PATH] = "An address must not hold spaces",
    [MISTAKE_BAD_DOMAIN] = "What stands after the @ is no valid domain",
    [MISTAKE_BAD_LITERAL] = "The IP address in [ ] is not valid",
    [MISTAKE_NO_SQUARE_BRACKETS] = "An IP address after the @ needs square brackets",
    [MISTAKE_LOCAL_PART_TOO_LONG] = "What stands before the @ is longer than 64 octets",
    [MISTAKE_DOMAIN_TOO_LONG] = "The domain is longer than 255 octets",
    [MISTAKE_PATH_TOO_LONG] = "The address is longer than 256 octets",
    [MISTAKE_NULL_RECIPIENT] = "The empty address <> cannot be a recipient",
    [MISTAKE_UTF8_WITHOUT_SMTPUTF8] = "An address beyond ASCII needs MAIL with SMTPUTF8",
    [MISTAKE_BAD_PARAMETER] = "A parameter after the address is not valid",
    [MISTAKE_BAD_XTEXT] = "The value of a parameter is not valid xtext",
    [MISTAKE_PARAMETER_TWICE] = "The same parameter stands there twice",
    [MISTAKE_TOO_MANY_PARAMETERS] = "Too many parameters",
    [MISTAKE_PARAMETER_NOT_OFFERED] = "A parameter after the address is not offered here",
    [MISTAKE_PARAMETER_AFTER_HELO] = "Parameters need EHLO instead of HELO",
    [MISTAKE_BEFORE_HELO] = "Send HELO or EHLO first",
    [MISTAKE_RCPT_BEFORE_MAIL] = "Send MAIL first",
    [MISTAKE_DATA_BEFORE_MAIL] = "Send MAIL and RCPT first",
    [MISTAKE_DATA_BEFORE_RCPT] = "No valid recipient yet; send RCPT first",
    [MISTAKE_NESTED_MAIL] = "The sender is known already; RSET would drop this letter",
    [MISTAKE_AUTH_NOT_OFFERED] = "AUTH is not offered here",
    [MISTAKE_STARTTLS_NOT_OFFERED] = "STARTTLS is not offered here",
    [MISTAKE_VERB_NOT_OFFERED] = "Command not implemented",
};

const char *refusal_text(enum mistake m)
{
    return texts[m];
}

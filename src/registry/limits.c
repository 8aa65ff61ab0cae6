/*
 * Numbers that the standards give: sizes, waiting times, ports. Not here: limits of this program,
 * which stand where they are used.
 *
 * Sources: the RFCs named in the rows. Unless the name says "at least", a size is the most that a
 * sender may rely on, line ends included where lines are meant.
 */
#include "registry/keywords.h"

const struct limit_row limit_rows[] = {
    /* sizes in the talk */
    { "local part of an address, before the @", 64, "octets", "RFC 5321 4.5.3.1.1" },
    { "domain of an address, after the @", 255, "octets", "RFC 5321 4.5.3.1.2" },
    { "path, with its < and >", 256, "octets", "RFC 5321 4.5.3.1.3" },
    { "command line, with its line end", 512, "octets", "RFC 5321 4.5.3.1.4" },
    { "reply line, with its code and line end", 512, "octets", "RFC 5321 4.5.3.1.5" },
    { "line of a letter, with its line end", 1000, "octets", "RFC 5321 4.5.3.1.6" },
    { "letter that every server takes, at least", 65536, "octets", "RFC 5321 4.5.3.1.7" },
    { "recipients that every server takes, at least", 100, "recipients", "RFC 5321 4.5.3.1.8" },
    { "reply when there are too many recipients", 452, "reply code", "RFC 5321 4.5.3.1.10" },
    { "Received fields that show a circle, at least", 100, "fields", "RFC 5321 6.3" },
    { "value of SIZE", 20, "digits", "RFC 1870 3" },
    { "value of ENVID that servers take, at least", 100, "characters", "RFC 3461 5.4" },
    { "value of NOTIFY that servers take, at least", 28, "characters", "RFC 3461 5.4" },
    { "value of ORCPT that servers take, at least", 500, "characters", "RFC 3461 5.4" },
    { "value of RET that servers take, at least", 8, "characters", "RFC 3461 5.4" },
    { "command line with DSN, at least", 1036, "characters", "RFC 3461 5.4" },
    { "line of a log-in, in base64", 12288, "octets", "RFC 4954 4" },
    { "name of a log-in method", 20, "characters", "RFC 4422 3.1" },
    { "parameter AUTH= of MAIL", 500, "characters", "RFC 4954 3" },

    /* how long a client waits, at least; and a server */
    { "wait for the greeting", 300, "seconds", "RFC 5321 4.5.3.2.1" },
    { "wait for the reply to MAIL", 300, "seconds", "RFC 5321 4.5.3.2.2" },
    { "wait for the reply to RCPT", 300, "seconds", "RFC 5321 4.5.3.2.3" },
    { "wait for the 354 after DATA", 120, "seconds", "RFC 5321 4.5.3.2.4" },
    { "wait while a piece of the letter is sent", 180, "seconds", "RFC 5321 4.5.3.2.5" },
    { "wait for the reply after the dot", 600, "seconds", "RFC 5321 4.5.3.2.6" },
    { "a server's wait for the next command", 300, "seconds", "RFC 5321 4.5.3.2.7" },
    { "wait before the next try", 30, "minutes", "RFC 5321 4.5.4.1" },
    { "days of trying before giving up, at least", 4, "days", "RFC 5321 4.5.4.1" },

    /* sizes in the letter */
    { "line of a letter, recommended, without its line end", 78, "characters", "RFC 5322 2.1.1" },
    { "line of a letter, without its line end", 998, "characters", "RFC 5322 2.1.1" },
    { "encoded word", 75, "characters", "RFC 2047 2" },
    { "header line with encoded words", 76, "characters", "RFC 2047 2" },
    { "line of base64 in a letter", 76, "characters", "RFC 2045 6.8" },
    { "line of quoted-printable in a letter", 76, "characters", "RFC 2045 6.7" },
    { "boundary between the parts of a letter", 70, "characters", "RFC 2046 5.1.1" },

    /* ports */
    { "port for servers among themselves (smtp)", 25, "TCP port", "RFC 5321 4.5.4.2" },
    { "port for handing in letters (submission)", 587, "TCP port", "RFC 6409 3.1" },
    { "port for handing in, encrypted from the start", 465, "TCP port", "RFC 8314 7.3" },
    { "port for LMTP on one's own network, by custom", 24, "TCP port", "IANA port 24" },
};
const size_t limit_row_count = sizeof limit_rows / sizeof limit_rows[0];

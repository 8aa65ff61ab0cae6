#include "smtp/domain.h"

#include "base/utf8.h"
#include "smtp/keys.h"

/* The fault of the label from `start` to `end`, where a dot or the end of the name stands. */
static size_t label_fault(struct span name, size_t start, size_t end, size_t *len)
{
    *len = 1;
    if (end == start) {
        *len = name.len ? 1 : 0;
        return end == name.len && end ? end - 1 : end;
    }
    if (end - start > LABEL_MAX) {
        *len = end - start;
        return start;
    }
    return name.at[end - 1] == '-' ? end - 1 : SPAN_NOT_FOUND;
}

size_t domain_fault(struct span name, bool utf8, size_t *len)
{
    size_t start = 0;

    for (size_t i = 0; i <= name.len; i++) {
        unsigned char c = i < name.len ? name.at[i] : '.';

        if (c == '.') {
            size_t fault = label_fault(name, start, i, len);

            if (fault != SPAN_NOT_FOUND)
                return fault;
            start = i + 1;
        } else if (!ascii_is_alnum(c) && !(c == '-' && i > start) && !(utf8 && c >= 0x80)) {
            uint32_t code;
            size_t octets = utf8_decode(span_from(name, i), &code);

            *len = octets ? octets : 1;
            return i;
        }
    }
    return SPAN_NOT_FOUND;
}

bool ipv4_valid(struct span text)
{
    unsigned parts = 0;

    while (parts < 4) {
        struct span rest, part = span_cut(text, '.', &rest);
        uint64_t number;

        if (part.len > 3 || !span_number(part, &number) || number > 255)
            return false;
        parts++;
        if (part.len == text.len)
            return parts == 4;
        text = rest;
    }
    return false;
}

static bool is_hex(unsigned char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

/* "::" stands for at least two groups (RFC 5321 4.1.3), so six others at most may be written. */
bool ipv6_valid(struct span text)
{
    unsigned groups = 0;
    bool elided = span_starts(text, SPAN("::"));
    size_t i = elided ? 2 : 0;

    if (text.len < 2)
        return false;
    while (i < text.len && groups <= 8) {
        size_t digits = 0;

        while (digits < 4 && i + digits < text.len && is_hex(text.at[i + digits]))
            digits++;
        if (digits == 0)
            return false;
        if (i + digits < text.len && text.at[i + digits] == '.') {
            if (!ipv4_valid(span_from(text, i)))
                return false;
            groups += 2;
            break;
        }
        i += digits;
        groups++;
        if (i == text.len)
            break;
        if (text.at[i++] != ':' || i == text.len)
            return false;
        if (text.at[i] == ':') {
            if (elided)
                return false;
            elided = true;
            i++;
        }
    }
    return elided ? groups <= 6 : groups == 8;
}

bool literal_valid(struct span literal)
{
    struct span inside, content, tag;
    size_t len;

    if (literal.len < 3 || literal.at[0] != '[' || literal.at[literal.len - 1] != ']')
        return false;
    inside = span_first(span_from(literal, 1), literal.len - 2);
    if (ipv4_valid(inside))
        return true;
    if (ipv6_valid(inside)) /* its tag is missing; "fe80::1" would pass for a tag and a content */
        return false;
    tag = span_cut(inside, ':', &content);
    if (span_eq_nocase(tag, SPAN("IPv6")))
        return ipv6_valid(content);
    if (content.len == 0 || span_find(tag, '.') != tag.len ||
        domain_fault(tag, false, &len) != SPAN_NOT_FOUND)
        return false;
    for (size_t i = 0; i < content.len; i++)
        if (content.at[i] < 33 || content.at[i] > 126 || content.at[i] == '[' ||
            content.at[i] == '\\' || content.at[i] == ']')
            return false;
    return true;
}

bool domain_looks_numeric(struct span domain)
{
    bool dots = false;

    for (size_t i = 0; i < domain.len; i++) {
        if (domain.at[i] == '.')
            dots = true;
        else if (!ascii_is_digit(domain.at[i]))
            return false;
    }
    return dots;
}

bool domain_is_qualified(struct span domain)
{
    size_t dot = span_find(domain, '.');

    return (domain.len && domain.at[0] == '[') || (dot > 0 && dot + 1 < domain.len);
}

/* A name that is no literal: true when it may stand. */
static bool check_name(struct span text, unsigned column, struct mistakes *found)
{
    size_t len, fault = domain_fault(text, false, &len);

    if (fault != SPAN_NOT_FOUND) {
        size_t key = key_octets(span_from(text, fault));

        if (!key)
            mistakes_add(found, MISTAKE_HELO_BAD_NAME, column + (unsigned)fault, (unsigned)len);
        else if (!mistakes_have(found, MISTAKE_CONTROL_OCTET))
            mistakes_add(found, MISTAKE_CONTROL_OCTET, column + (unsigned)fault, (unsigned)key);
        return false;
    }
    if (text.len > DOMAIN_MAX) {
        mistakes_add(found, MISTAKE_DOMAIN_TOO_LONG, column, (unsigned)text.len);
        return false;
    }
    if (!domain_is_qualified(text))
        mistakes_add(found, MISTAKE_HELO_UNQUALIFIED, column, (unsigned)text.len);
    return true;
}

bool domain_check(struct span text, unsigned column, bool literals, struct mistakes *found)
{
    if (text.len == 0) {
        mistakes_add(found, MISTAKE_HELO_NO_NAME, column, 0);
        return false;
    }
    if (literals && text.at[0] == '[') {
        if (literal_valid(text))
            return true;
        mistakes_add(found, MISTAKE_BAD_LITERAL, column, (unsigned)text.len);
        return false;
    }
    if (domain_looks_numeric(text) || ipv6_valid(text))
        mistakes_add(found, MISTAKE_HELO_BARE_ADDRESS, column, (unsigned)text.len);
    return check_name(text, column, found);
}

/* Makes the benchmark's messages of terminals: COUNT lines or frames of one protocol in a file.
   usage: messages nmea|rdss2|rdss4|jtt808 COUNT FILE
   nmea is what a receiver says second by second; rdss2 sentences of RDSS 2.1 and of BeiDou-3, the Chinese of some in raw
   GBK; rdss4 frames of RDSS 4.0; jtt808 messages of vehicles in the forms of 2013 and 2019. One in 10,000 has a wrong
   check. */
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t state = 20260315;
static uint32_t next(uint32_t below) {
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)(((z ^ (z >> 31)) >> 32) * below >> 32);
}

static FILE *file;
static long left;
static uint8_t wrong(void) { return next(10000) == 0 ? 0x04 : 0; }
static uint8_t xor(const uint8_t *p, int n) {
    uint8_t x = 0;
    for (int i = 0; i < n; i++) x ^= p[i];
    return x;
}

/* A sentence: what stands between $ and *. */
static void say(const char *format, ...) {
    static char text[1100];
    if (left-- <= 0) return;
    va_list list;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    fprintf(file, "$%s*%02X\r\n", text, xor((uint8_t *)text, n) ^ wrong());
}

/* Where a terminal is: it moves with the time. */
struct place { double latitude, longitude, height, speed, course; };
static struct place place(long seconds, int who) {
    double t = (double)seconds / 9000 + who;
    return (struct place){30.7 + 0.35 * sin(t), 120.8 + 0.5 * cos(0.7 * t), 20 + 15 * sin(t * 3), 40 + 25 * sin(t * 11),
                          fmod(t * 57, 360)};
}
/* dddmm.mmmmm, cut off so that no rounding makes 60 minutes. */
static double minutes(double degrees) {
    double whole = floor(degrees);
    return whole * 100 + floor((degrees - whole) * 60e4) / 1e4;
}

static void satellites(const char *talker, int in_view, int first, char signal, long seconds) {
    int groups = (in_view + 3) / 4;
    for (int g = 0; g < groups; g++) {
        char text[160];
        int n = sprintf(text, "%sGSV,%d,%d,%02d", talker, groups, g + 1, in_view);
        for (int i = g * 4; i < g * 4 + 4 && i < in_view; i++) {
            int which = first + i * 3 % 40;
            n += sprintf(text + n, ",%02d,%02d,%03d,", which, 5 + which * 7 % 84, (int)(which * 37 + seconds / 240) % 360);
            if (next(8)) n += sprintf(text + n, "%02u", 24 + next(26));
        }
        sprintf(text + n, ",%c", signal);
        say("%s", text);
    }
}

static void nmea(void) {
    for (long second = 0; left > 0; second++) {
        time_t now = 1773541800 + second;
        struct tm *t = gmtime(&now);
        struct place p = place(second, 0);
        char clock[16], date[8], where[40];
        strftime(clock, sizeof clock, "%H%M%S.00", t);
        strftime(date, sizeof date, "%d%m%y", t);
        sprintf(where, "%010.5f,N,%011.5f,E", minutes(p.latitude), minutes(p.longitude));
        double knots = p.speed / 1.852;
        say("GNGGA,%s,%s,1,%02u,%.2f,%.1f,M,9.8,M,,", clock, where, 14 + next(14), 0.6 + next(50) / 100.0, p.height);
        say("GNRMC,%s,A,%s,%.2f,%.2f,%s,,,A,V", clock, where, knots, p.course, date);
        say("GNVTG,%.2f,T,,M,%.2f,N,%.2f,K,A", p.course, knots, p.speed);
        say("GNGSA,A,3,02,05,13,15,18,24,29,,,,,,1.35,0.72,1.14,1");
        say("GNGSA,A,3,01,03,06,09,16,19,20,24,32,39,40,44,1.35,0.72,1.14,4");
        satellites("GP", 10, 1, '1', second);
        satellites("GB", 14, 1, '1', second);
        satellites("GB", 9, 19, '5', second);
        say("GNGLL,%s,%s,A,A", where, clock);
        if (second % 10 == 0) {
            say("GNZDA,%s,%02d,%02d,%d,00,00", clock, t->tm_mday, t->tm_mon + 1, t->tm_year + 1900);
            say("GNGST,%s,14,,,,1.1,0.9,2.3", clock);
        }
        if (second % 600 == 0) say("GNTXT,01,01,01,ANTENNA OK");
    }
}

/* Chinese of GB 2312, level 1. */
static int chinese(uint8_t *to, int characters) {
    for (int i = 0; i < characters; i++) {
        to[2 * i] = (uint8_t)(0xB0 + next(0x27));
        to[2 * i + 1] = (uint8_t)(0xA1 + next(0x5E));
    }
    to[2 * characters] = 0;
    return 2 * characters;
}
/* Mixed content behind its A4: digits, letters and Chinese. */
static int mixed(uint8_t *to) {
    int n = sprintf((char *)to, "\xA4T%02u:%02u ", next(24), next(60));
    n += chinese(to + n, 3 + (int)next(12));
    return n + sprintf((char *)to + n, " %u.%u", next(100), next(10));
}
static const char *hex(const uint8_t *p, int n) {
    static char text[600];
    for (int i = 0; i < n; i++) sprintf(text + 2 * i, "%02X", p[i]);
    return text;
}
static uint32_t card(void) { return 166000 + next(200000); }

static void rdss2(void) {
    uint8_t content[300];
    for (long i = 0; left > 0; i++) {
        struct place p = place(i / 4, (int)next(200));
        unsigned hour = (unsigned)(i / 3600) % 24, minute = (unsigned)(i / 60) % 60, second = (unsigned)i % 60;
        int n;
        switch (next(16)) {
        case 0: case 1: case 2:
            n = mixed(content);
            say("BDTXR,1,%07u,2,,%s", card(), hex(content, n));
            break;
        case 3:
            chinese(content, 6 + (int)next(30));
            say("BDTXR,1,%07u,0,%02u%02u,%s", card(), hour, minute, content);
            break;
        case 4: say("BDTXR,1,%07u,1,,%010u%06u", card(), next(4000000000u), next(1000000)); break;
        case 5:
            n = mixed(content);
            say("CCTXA,%07u,%u,2,%s", card(), next(2), hex(content, n));
            break;
        case 6: say("BDFKI,TXA,%c,Y,0,00%02u", next(5) ? 'Y' : 'N', next(60)); break;
        case 7:
            say("BDBSI,%02u,%02u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u", 1 + next(10), 1 + next(10), next(5), next(5), next(5),
                next(5), next(5), next(5), next(5), next(5), next(5), next(5));
            break;
        case 8: case 9:
            say("BDDWR,%u,%07u,%02u%02u%02u.%02u,%09.4f,N,%010.4f,E,%.0f,M,-6,M,1,V,V,L", 1 + next(3), card(), hour,
                minute, second, next(100), minutes(p.latitude), minutes(p.longitude), p.height);
            break;
        case 10:
            say("BDWAA,0,,%07u,%02u%02u%02u.%02u,%010.5f,N,%011.5f,E,%.0f,M", card(), hour, minute, second, next(100),
                minutes(p.latitude), minutes(p.longitude), p.height);
            break;
        case 11:
            n = mixed(content);
            say("BDTCI,%08u,4207733,2,%02u%02u%02u,3,0,%s", 4200000 + next(9999), hour, minute, second, hex(content, n));
            break;
        case 12:
            n = mixed(content);
            say("CCTCQ,%u,2,%u,3,%s,0", 4200000 + next(9999), 1 + next(2), hex(content, n));
            break;
        case 13: say("BDFKI,%02u%02u%02u,TCQ,%c,0,%u", hour, minute, second, next(5) ? 'Y' : 'N', next(60)); break;
        case 14:
            say("BDPWI,%02u%02u%02u.00,00,03,2,%u,%u,0,4,%u,%u,0,11,%u,%u,0", hour, minute, second, 38 + next(14),
                30 + next(14), 38 + next(14), 30 + next(14), 38 + next(14), 30 + next(14));
            break;
        default: say("BDICI,%07u,%08u,0000011,6,60,3,N,%03u", card(), next(99999999), next(40)); break;
        }
    }
}

static void put(uint8_t *p, uint64_t value, int octets) {
    while (octets--) p[octets] = (uint8_t)value, value >>= 8;
}

/* A frame of 4.0 of a body. */
static void frame(const char *name, const uint8_t *body, int n) {
    uint8_t whole[400] = "$";
    if (left-- <= 0) return;
    memcpy(whole + 1, name, 4);
    put(whole + 5, (uint64_t)n + 11, 2);
    put(whole + 7, card(), 3);
    memcpy(whole + 10, body, (size_t)n);
    whole[10 + n] = xor(whole, 10 + n) ^ wrong();
    fwrite(whole, 1, (size_t)n + 11, file);
}

/* Degree, minute, second, 0.1 s, an octet each. */
static void angle(uint8_t *p, double degrees) {
    uint32_t tenths = (uint32_t)(degrees * 36000);
    p[0] = (uint8_t)(tenths / 36000), p[1] = (uint8_t)(tenths / 600 % 60), p[2] = (uint8_t)(tenths / 10 % 60);
    p[3] = (uint8_t)(tenths % 10);
}

/* Payload A0: 104 bits. */
static int position(uint8_t *to, struct place p) {
    uint32_t east = (uint32_t)(p.longitude * 36000), north = (uint32_t)(p.latitude * 36000);
    uint64_t fields[17][2] = {{0xA0, 8}, {next(24), 5}, {next(60), 6}, {next(60), 6}, {next(100), 7},
        {east / 36000, 8}, {east / 600 % 60, 6}, {east / 10 % 60, 6}, {east % 10, 4},
        {north / 36000, 6}, {north / 600 % 60, 6}, {north / 10 % 60, 6}, {north % 10, 4},
        {0, 2}, {0, 1}, {(uint64_t)p.height, 14}, {0x10A, 9}};
    int bit = 0;
    memset(to, 0, 13);
    for (int i = 0; i < 17; i++)
        for (int b = (int)fields[i][1] - 1; b >= 0; b--, bit++)
            if (fields[i][0] >> b & 1) to[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    return 13;
}

static void rdss4(void) {
    for (long i = 0; left > 0; i++) {
        struct place p = place(i / 4, (int)next(200));
        uint8_t body[320] = {0};
        int n, kind = (int)next(4), bits = 8;
        switch (next(12)) {
        case 0: case 1: case 2: case 3: case 4: /* a message: 0 Chinese, 1 code, 2 mixed, 3 a position */
            body[0] = kind ? 0x60 : 0x40;
            put(body + 1, card(), 3);
            n = kind == 0 ? chinese(body + 8, 4 + (int)next(30)) : kind == 2 ? mixed(body + 8) : position(body + 8, p);
            if (kind == 1) {
                n = 8;
                for (int k = 0; k < n; k++) body[8 + k] = (uint8_t)(next(10) << 4 | next(10));
            }
            put(body + 6, (uint64_t)(n * bits), 2);
            body[8 + n] = 0;
            frame("TXXX", body, n + 9);
            break;
        case 5: case 6:
            body[0] = kind ? 0x46 : 0x44;
            put(body + 1, card(), 3);
            n = kind ? mixed(body + 7) : chinese(body + 7, 4 + (int)next(30));
            put(body + 4, (uint64_t)(n * bits), 2);
            frame("TXSQ", body, n + 7);
            break;
        case 7:
            body[0] = next(5) ? 0 : 4;
            memcpy(body + 1, "TXSQ", 4);
            if (body[0]) put(body + 1, 1 + next(60), 4);
            frame("FKXX", body, 5);
            break;
        case 8:
            for (int k = 0; k < 6; k++) body[k] = (uint8_t)next(5);
            frame("GLZK", body, 6);
            break;
        case 9: case 10:
            body[0] = next(50) ? 0x08 : 0x0C;
            put(body + 1, card(), 3);
            body[4] = (uint8_t)next(24), body[5] = (uint8_t)next(60), body[6] = (uint8_t)next(60), body[7] = (uint8_t)next(100);
            angle(body + 8, p.longitude), angle(body + 12, p.latitude);
            put(body + 16, (uint64_t)p.height, 2), put(body + 18, 10, 2);
            frame("DWXX", body, 20);
            break;
        default:
            body[0] = 1, body[2] = (uint8_t)next(101), body[3] = 2;
            for (int k = 4; k < 10; k++) body[k] = (uint8_t)next(5);
            frame("ZJXX", body, 10);
            break;
        }
    }
}

static void digits(uint8_t *p, const char *text) {
    for (; text[0] && text[1]; text += 2) *p++ = (uint8_t)((text[0] - '0') << 4 | (text[1] - '0'));
}

/* A location report: 28 octets and items. */
static int report(uint8_t *p, long i, int who) {
    struct place at = place(i / 4, who);
    time_t now = 1773541800 + 8 * 3600 + i / 40;
    char clock[16];
    strftime(clock, sizeof clock, "%y%m%d%H%M%S", gmtime(&now));
    put(p, next(200) ? 0 : 1u << next(16), 4), put(p + 4, 0x80003, 4);
    put(p + 8, (uint64_t)(at.latitude * 1e6), 4), put(p + 12, (uint64_t)(at.longitude * 1e6), 4);
    put(p + 16, (uint64_t)at.height, 2), put(p + 18, (uint64_t)(at.speed * 10), 2), put(p + 20, (uint64_t)at.course, 2);
    digits(p + 22, clock);
    put(p + 28, 0x0104, 2), put(p + 30, 400000 + (uint64_t)i / 100, 4);
    put(p + 34, 0x0202, 2), put(p + 36, next(3000), 2);
    put(p + 38, 0x3001, 2), p[40] = (uint8_t)next(31);
    put(p + 41, 0x3101, 2), p[43] = (uint8_t)next(30);
    return 44;
}

static void jtt808(void) {
    uint16_t flow = 0;
    for (long i = 0; left > 0; i++) {
        uint8_t body[300] = {0}, whole[340], wire[700];
        int who = (int)next(200), is_new = who % 4 != 0, n, id;
        switch (next(20)) {
        case 0: id = 0x0002, n = 0; break;
        case 1: id = 0x0001, put(body, next(65536), 2), put(body + 2, 0x8300, 2), n = 5; break;
        case 2: case 3: id = 0x8001, put(body, next(65536), 2), put(body + 2, 0x0200, 2), n = 5; break;
        case 4:
            id = 0x0704, n = 3;
            put(body, 3, 2), body[2] = 1;
            for (int k = 0; k < 3; k++) put(body + n, 44, 2), n += 2 + report(body + n + 2, i + k, who);
            break;
        case 5:
            id = 0x8300, n = is_new ? 2 : 1;
            body[0] = is_new ? 0x0E : 0x0C, body[1] = 1;
            n += chinese(body + n, 6 + (int)next(20));
            break;
        default: id = 0x0200, n = report(body, i, who); break;
        }
        int head = is_new ? 17 : 12;
        char phone[24];
        sprintf(phone, is_new ? "000000000139%08d" : "0139%08d", 16540000 + who);
        put(whole, (uint64_t)id, 2), put(whole + 2, (uint64_t)n | (is_new ? 0x4000 : 0), 2), whole[4] = 1;
        digits(whole + (is_new ? 5 : 4), phone);
        put(whole + head - 2, flow++, 2);
        memcpy(whole + head, body, (size_t)n);
        whole[head + n] = xor(whole, head + n) ^ wrong();
        if (left-- <= 0) return;
        int m = 0;
        wire[m++] = 0x7E;
        for (int k = 0; k <= head + n; k++) {
            if (whole[k] == 0x7E || whole[k] == 0x7D) wire[m++] = 0x7D, wire[m++] = whole[k] == 0x7E ? 2 : 1;
            else wire[m++] = whole[k];
        }
        wire[m++] = 0x7E;
        fwrite(wire, 1, (size_t)m, file);
    }
}

int main(int argc, char **argv) {
    left = argc == 4 ? atol(argv[2]) : 0;
    file = left > 0 ? fopen(argv[3], "wb") : NULL;
    if (!file) { fputs("usage: messages nmea|rdss2|rdss4|jtt808 COUNT FILE\n", stderr); return 64; }
    if (!strcmp(argv[1], "nmea")) nmea();
    else if (!strcmp(argv[1], "rdss2")) rdss2();
    else if (!strcmp(argv[1], "rdss4")) rdss4();
    else if (!strcmp(argv[1], "jtt808")) jtt808();
    else return 64;
    return fclose(file);
}

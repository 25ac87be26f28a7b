namespace MassMessaging.Tests.Http.Fuzz;

/// <summary>What a value should not be, in each place that a value can stand.</summary>
internal static class Hostile
{
    private const string Somebody = "01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d";

    /// <summary>As JSON. Texts are escaped: half a surrogate pair can come in no other way.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "\"\"", "\" \"", "[]", "{}", "[[]]", "[null]", "[{}]", "{\"\":null}", "{\"a\":{\"a\":{\"a\":1}}}",
        Deep(60), Deep(70), Deep(2_000),
        Many("null", 1_001), Many($"\"{Somebody}\"", 6_000), Many("\"\"", 60),
        "0", "-0", "-1", "1", "0.1", "1.0", "1e2", "1e400", "-1e400", "1e-400", "2147483647", "2147483648", "-2147483649",
        "9223372036854775807",
        "9223372036854775808", "-9223372036854775809", "1.7976931348623157e308", "79228162514264337593543950336",
        "0.00000000000000000000000000001",
        new string('9', 1_000), "NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "0x10", "undefined", "'a'", "/*a*/1",
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"x\\udc00\"", "\"\\udc00\\ud800\"", "\"\\uFFFF\\uFFFE\"",
        "\"\\u202e\\u200b\\u200d\"", "\"\\u001b[31m\"",
        "\"\\r\\nSet-Cookie: a=b\"", "\"\\u0130\\u0131\\u1e9e\\ufb01\"", "\"\\u0e33\\u0e33\\u0300\\u0300\\u0300\"", "\"👩‍👩‍👧‍👦\"",
        "\"NaN\"", "\"null\"", "\"true\"", "\"-1\"", "\"1e9\"",
        "\"' or 1=1 --\"", "\"'; drop table client; --\"", "\"%_\\\\\"", "\"{nombre_cliente\"", "\"{{{{}}}}\"", "\"{nope}\"",
        "\"<script>alert(1)</script>\"", "\"=1+1\"", "\"${jndi:ldap://a}\"",
        "\"../../etc/passwd\"", "\"a@b\"", "\"@\"", "\"a@b.c@d.e\"", "\"ana@exa\\u0000mple.com\"", "\"+\"", "\"++54\"",
        "\"+5491155000001\"", "\"+999999999999999999999\"", "\"tel:+54\"", "\"٠١٢٣٤٥٦٧٨٩\"",
        "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"",
        "\"2026-06-30T23:59:60Z\"",
        "\"2026-02-30T00:00:00Z\"", "\"2026-01-01T00:00:00+23:59\"", "\"2026-01-01T24:00:00Z\"", "\"+275760-09-13T00:00:00Z\"",
        "\"-0001-01-01T00:00:00Z\"", "\"2026-01-01\"", "\"0000-00-00\"",
        "\"1677-09-21T00:12:43Z\"", "\"4713-01-01T00:00:00Z\"", "\"2199-01-01T12:00:00.123456789Z\"", "\"23:59\"", "\"24:00\"", "\"99:99\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"", $"\"{Somebody}\"", $"\"{{{Somebody}}}\"",
        "\"http://127.0.0.1/\"", "\"https://[::1]/\"", "\"https://exa mple\"",
        "\"https://2852039166/\"", "\"https://a:99999/\"", "\"javascript:1\"", "\"America/Nowhere\"", "\"../zone\"", "\"Etc/GMT+12\"",
        "\"AR\"", "\"zz\"",
        Text(256), Text(5_000), Text(70_000), Text(300_000), $"\"{string.Concat(Enumerable.Repeat("\\u0301", 5_000))}\"", $"\"{new string('"', 0)}{new string('(', 3_000)}\"",
    ];

    /// <summary>In a path or behind a name of the query, just as it goes over the wire.</summary>
    public static readonly string[] Raw =
    [
        "%00", "a%00b", "%ff", "%c0%ae", "%ed%a0%80", "%u0000", "%", "%zz", "%2", "+", "%20", "%0d%0aSet-Cookie:%20a=b",
        "%2e%2e%2f%2e%2e%2fetc", "..%2f", "..;", ";a=b", "%252e", "*", "'", "%27%20or%201=1--",
        "%3Cscript%3E", "$ne", "null", "NaN", "true", "0", "-1", "1e400", "2147483648", "-9223372036854775809", "99999999999999999999999",
        "01", "0.5", "%d9%a1%d9%a2", "%F0%9F%91%A9", "a,b", "a:b", "name:Nombre,phone:", ":", ",,",
        Somebody, "00000000-0000-0000-0000-000000000000", "01980c5e6c1f7c3a9d512f6f3a1b4c7d", $"%7B{Somebody}%7D", $"({Somebody})", "0x01980c5e", "01980C5E-6C1F-7C3A-9D51-2F6F3A1B4C7",
        "0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00", "9999-12-31", "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00", "2026-06-30T23:59:60Z", "2026-02-30", "2026-01-01T00:00:00+02:00", "4713-01-01", "-0001-01-01",
        "json", "csv", "ndjson", "sent", "hour", "day", "month", "all", "read", new string('a', 300), new string('9', 4_000), "%e2%80%ae",
        "a%26b", "%23", "%3f", "%5c", "%5B%5D", "tsv%3A*", "%26%7C!%28",
    ];

    public static readonly string[] Tokens =
    [
        "", "Bearer", "Bearer ", "Bearer  ", "bearer x", "Bearer a.b.c", "Bearer ..", "Bearer .", "Bearer mmk_", "Bearer mmk__",
        $"Bearer mmk_{Somebody}_x", $"Bearer mmk_{Somebody.Replace("-", "", StringComparison.Ordinal)}_{new string('A', 43)}",
        "Bearer mmk_\u00e9", "Basic YTpi", "Basic", "Negotiate x", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
        $"Bearer {new string('A', 4_000)}", "Bearer CfDJ8", "Digest username=\"a\"", "Bearer a, Bearer b", "mmk_x",
    ];

    /// <summary>The names that the document has no parameter for are here too: proxies and browsers send them.</summary>
    public static readonly (string Name, string[] Values)[] Headers =
    [
        ("If-Match", ["\"0\"", "\"-1\"", "\"9223372036854775808\"", "W/\"1\"", "*", "\"", "1", "\"1\", \"2\"", "\"\u00e9\"", new string('"', 100), "\"1"]),
        ("If-None-Match", ["*", "\"1\"", "W/"]),
        ("Idempotency-Key", ["", " ", "a", "ñ", new string('k', 256), new string('k', 255), "a b", "\u007f", "';--", "a\tb", "00000000-0000-0000-0000-000000000000"]),
        ("Last-Event-ID", ["", "-1", "x", "9223372036854775808", Somebody, "\u00e9", new string('1', 300), "0", "1"]),
        ("Range", ["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-,0-,0-", "lines=1-2"]),
        ("Accept", ["", "*/*", "text/event-stream", "application/xml", "text/html;q=0", "a", "application/json;q=NaN", "*/*;q=2", "text/event-stream, application/json", ";;", new string(',', 500)]),
        ("Accept-Language", ["*", "xx-YY", new string('a', 200)]),
        ("Accept-Encoding", ["gzip;q=0, *;q=0", "identity;q=0", "br"]),
        ("X-HTTP-Method-Override", ["DELETE", "PUT"]), ("X-HTTP-Method", ["DELETE"]), ("X-Original-URL", ["/api/operations/queues"]),
        ("X-Rewrite-URL", ["/docs"]),
        ("X-Forwarded-For", ["127.0.0.1", "::1, x", ","]), ("X-Forwarded-Host", ["evil.example", "a b"]),
        ("X-Forwarded-Proto", ["https", "gopher"]), ("Forwarded", ["for=_x;host=evil"]),
        ("Origin", ["null", "https://evil.example", "http://127.0.0.1", "\u00e9"]), ("Sec-Fetch-Site", ["cross-site", "none", "x"]),
        ("Access-Control-Request-Method", ["DELETE", "x y"]),
        ("Cookie", ["a", ".AspNetCore.Identity.Application=x", "a=b; .AspNetCore.Identity.Application=CfDJ8", new string('=', 100)]),
        ("traceparent", ["00-x", "00-00000000000000000000000000000000-0000000000000000-01", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]),
        ("tracestate", ["a=b,,", "="]), ("baggage", ["a=b;c", "%"]),
        ("X-Webhook-Secret", ["", "x", "\u00e9", new string('a', 3_000)]),
        ("X-Hub-Signature-256", ["", "sha256=", $"sha256={new string('a', 64)}", $"sha256={new string('g', 64)}", "sha1=x"]),
        ("Authorization", Tokens),
    ];

    public static readonly string?[] ContentTypes =
    [
        null, "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=nope",
        "application/json;;", "APPLICATION/JSON", "application/problem+json", "application/vnd.x+json; charset=\"utf-8\"",
        "multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=", "application/x-www-form-urlencoded",
        "text/csv", "text/csv; charset=utf-7", "text/csv; charset=iso-8859-1", "text/csv; charset=nope", "*/*", "a/b; a=\"",
        "application/x-ndjson", "application/grpc", "image/png",
    ];

    public static readonly string[] Methods = ["HEAD", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "FOO", "QUERY", "GET", "POST", "PUT", "DELETE"];

    private static string Deep(int levels) => $"{new string('[', levels)}{new string(']', levels)}";

    private static string Many(string value, int times) => $"[{string.Join(',', Enumerable.Repeat(value, times))}]";

    private static string Text(int length) => $"\"{new string('a', length)}\"";
}

using System.Text;
using System.Text.Json;
using MassMessaging.Tests.OpenApi;

namespace MassMessaging.Tests.Http.Fuzz;

/// <summary>Makes requests that are nearly right out of the document, so that they get as far into the service as they can.</summary>
internal sealed class Attacks(JsonElement document, IReadOnlyList<Neighbour> neighbours)
{
    private readonly AnswerSchema schemas = new(document);

    public Attack Next(Route route, Random random)
    {
        var paths = Pick(random, neighbours).Paths(route.Path) ?? [route.Path];
        var path = Pick(random, paths);
        var body = route.Operation.TryGetProperty("requestBody", out var taken) ? taken.GetProperty("content").EnumerateObject().First() : (JsonProperty?)null;
        List<(string, string)> headers = [];
        var (method, contentType, chunked) = (route.Method, body?.Name, false);
        var text = body is { } media ? random.Next(3) > 0 ? Mutated(route, media, random) : Written(route, media) : null;
        var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);

        var query = Queries(route, random);
        for (var changes = random.Next(body is null ? 1 : 0, 4); changes > 0; changes--)
        {
            switch (random.Next(10))
            {
                case 0 or 1: path = OtherPath(route.Path, path, random); break;
                case 2 or 3: headers.Add(Header(random)); break;
                case 4: query.Add($"{Pick(random, (string[])["limit", "after", "from", "q", "ticket", "a", "limit[]", "%00"])}={Pick(random, Hostile.Raw)}"); break;
                case 5 when bytes is not null: contentType = Pick(random, Hostile.ContentTypes); break;
                case 6 or 7 when bytes is not null: bytes = Broken(bytes, random); break;
                case 8 when random.Next(6) == 0: method = Pick(random, Hostile.Methods); break;
                case 9: chunked = true; break;
                default: query.AddRange(Queries(route, random)); break;
            }
        }

        if (random.Next(300) == 0) bytes = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('a', 1_100_000)}}"}""");
        if (method is "TRACE" or "GET" or "get" or "HEAD" && random.Next(4) > 0) bytes = null;
        return new(method, query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", headers, bytes, contentType, chunked);
    }

    private static (string, string) Header(Random random)
    {
        var (name, values) = Pick(random, Hostile.Headers);
        return (name, Pick(random, values));
    }

    private static List<string> Queries(Route route, Random random) =>
        [.. route.Parameters("query").Where(_ => random.Next(3) == 0).Select(name => $"{Uri.EscapeDataString(name)}={Pick(random, Hostile.Raw)}")];

    private static string OtherPath(string template, string path, Random random)
    {
        var (parts, names) = (path.Split('/'), template.Split('/'));
        int[] places = [.. Enumerable.Range(0, Math.Min(parts.Length, names.Length)).Where(place => names[place].StartsWith('{'))];
        if (places.Length > 0 && random.Next(5) > 0)
        {
            parts[Pick(random, places)] = Pick(random, Hostile.Raw);
            return string.Join('/', parts);
        }

        return random.Next(7) switch
        {
            0 => path + "/",
            1 => path.Replace("/api/", "//api//", StringComparison.Ordinal),
            2 => path.ToUpperInvariant(),
            3 => path + "/../" + Pick(random, Hostile.Raw),
            4 => path.Replace("/api/", "/api/%2e%2e/api/", StringComparison.Ordinal),
            5 => path + Pick(random, Hostile.Raw),
            _ => path.Replace("/", "%2f", StringComparison.Ordinal).Insert(0, "/"),
        };
    }

    private static string Written(Route route, JsonProperty media) =>
        media.Name == "application/json" ? route.Body() : media.Value.TryGetProperty("example", out var example) ? Plain(example) : "a";

    private static string Plain(JsonElement example) => example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();

    private string Mutated(Route route, JsonProperty media, Random random)
    {
        var right = Written(route, media);
        if (media.Name != "application/json") return Table(right, random);

        var json = new StringBuilder();
        var schema = media.Value.TryGetProperty("schema", out var named) ? named : default;
        Write(json, JsonElement.Parse(right), schema, random, random.Next(2, 9));
        return json.ToString();
    }

    /// <summary>One in so many values is another one; fields are left out, added, repeated.</summary>
    private void Write(StringBuilder json, JsonElement value, JsonElement schema, Random random, int oneIn)
    {
        if (random.Next(oneIn) == 0)
        {
            json.Append(Pick(random, Hostile.Json));
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            json.Append('[');
            foreach (var (place, entry) in value.EnumerateArray().Index())
            {
                if (place > 0) json.Append(',');
                Write(json, entry, default, random, oneIn);
            }

            json.Append(random.Next(oneIn) == 0 ? $",{Pick(random, Hostile.Json)}]" : "]");
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            json.Append(value.GetRawText());
            return;
        }

        var fields = schema.ValueKind == JsonValueKind.Object && schemas.Resolved(schema).TryGetProperty("properties", out var properties) ? properties : default;
        json.Append('{');
        var written = 0;
        void Field(string name, Action content)
        {
            if (written++ > 0) json.Append(',');
            json.Append(JsonSerializer.Serialize(name)).Append(':');
            content();
        }

        foreach (var field in value.EnumerateObject())
        {
            if (random.Next(oneIn * 2) == 0) continue;
            var own = fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty(field.Name, out var found) ? found : default;
            Field(field.Name, () => Write(json, field.Value, own, random, oneIn));
            if (random.Next(oneIn * 3) == 0) Field(field.Name, () => json.Append(Pick(random, Hostile.Json)));
        }

        foreach (var name in fields.ValueKind == JsonValueKind.Object ? fields.EnumerateObject().Select(field => field.Name) : [])
        {
            if (!value.TryGetProperty(name, out _) && random.Next(3) == 0) Field(name, () => json.Append(Pick(random, Hostile.Json)));
        }

        if (random.Next(oneIn) == 0) Field(Pick(random, (string[])["", "id", "profileId", "__proto__", "$type", "constructor", "status"]), () => json.Append(Pick(random, Hostile.Json)));
        json.Append('}');
    }

    /// <summary>For files: what tables and lines should not hold.</summary>
    private static string Table(string right, Random random)
    {
        string[] cells = ["\"", "\"\"\"", "\0", "\uFEFF", ",,,,,,,,", "\r", "\r\n\r\n", "\t", ";", "|", "=1+1", "@a", "\"a\nb\"", "\"open", "é", "👩‍👩‍👧‍👦", "\uFFFF", "\u2028", new string('x', 20_000), new string(',', 3_000), "{\"a\":1}", "{", "\n[]\n", "null\n", "{\"seq\":-1}"];
        var text = new StringBuilder(right);
        for (var times = random.Next(1, 6); times > 0; times--) text.Insert(random.Next(text.Length + 1), Pick(random, cells));
        if (random.Next(5) == 0) text.Remove(0, random.Next(text.Length));
        return text.ToString();
    }

    private static byte[] Broken(byte[] body, Random random) => random.Next(9) switch
    {
        0 => [],
        1 => body[..random.Next(body.Length + 1)],
        2 => [.. body, .. body],
        3 => [0xEF, 0xBB, 0xBF, .. body],
        4 => [0xFF, 0xFE, .. body],
        5 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body)),
        6 => [0x1F, 0x8B, 0x08, 0, .. body],
        7 => [.. body[..(body.Length / 2)], 0, 0xED, 0xA0, 0x80, .. body[(body.Length / 2)..]],
        _ => Flipped(body, random),
    };

    private static byte[] Flipped(byte[] body, Random random)
    {
        byte[] flipped = [.. body];
        for (var times = 3; times > 0 && flipped.Length > 0; times--) flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
        return flipped;
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}

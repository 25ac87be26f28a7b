using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.EventCatalog;

/// <summary>docs/event-catalog.md, made of the registry, the records' doc comments and the stored samples.</summary>
internal static partial class Catalog
{
    private const string Head = """
        # Event catalog

        Every fact that the log may hold. This page is generated from the registered events and held equal to them by a spec;
        `UPDATE_SNAPSHOTS=1 dotnet test --filter EventCatalog` writes it anew.

        Events lie in `mt_events`: `type` is the name below, `data` the JSON, `tenant_id` the profile, `stream_id` and `version` the place in
        the stream, `seq_id` the place in the log, `timestamp` when it was written on the database's clock, `user_name` who caused it.
        Fields repeat none of that. A name once written is never given another meaning, and every stored sample below must stay readable.
        No event holds personal data: names, phones, texts and the gateway's words lie [beside the log](architecture.md#personal-data).

        """;

    public static string Of(IReadOnlyList<EventType> events)
    {
        var page = new StringBuilder(Head);
        var docs = XDocument.Load(Path.ChangeExtension(typeof(Feature).Assembly.Location, ".xml"));
        foreach (var stream in events.GroupBy(type => type.StreamType))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## Stream `{stream.Key}`\n{EventSentences.Streams[stream.Key]}\n");
            foreach (var type in stream) Event(page, type, docs);
        }

        return page.ToString();
    }

    private static void Event(StringBuilder page, EventType type, XDocument docs)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n### {type.WireName}\n{EventSentences.All[type.WireName]}\n");
        if (type.Version > 1)
            page.Append(CultureInfo.InvariantCulture, $"Written as `{type.StoredName}`; older ones stand in the log as {string.Join(", ", Enumerable.Range(1, type.Version - 1).Select(version => $"`{type.NameOf(version)}`"))} and are lifted as they are read.\n");
        var fields = type.ClrType.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();
        if (fields.Length == 0)
        {
            page.Append("\nIt has no fields.\n");
            return;
        }

        page.Append("\n| field | type | |\n|---|---|---|\n");
        foreach (var field in fields)
            page.Append(CultureInfo.InvariantCulture, $"| `{JsonNamingPolicy.CamelCase.ConvertName(field.Name!)}` | {Type(field)} | {Note(docs, type.ClrType, field.Name!)} |\n");
        var sample = Path.Combine(Sources.Root, "src/MassMessaging.Tests/Snapshots/events", $"{type.WireName}.json");
        page.Append(CultureInfo.InvariantCulture, $"\n```json\n{File.ReadAllText(sample).Trim()}\n```\n");
    }

    private static string Type(ParameterInfo field)
    {
        var bare = Nullable.GetUnderlyingType(field.ParameterType) ?? field.ParameterType;
        var name = bare == typeof(Guid) ? "uuid"
            : bare == typeof(DateTimeOffset) ? "time, ISO 8601"
            : bare == typeof(long) || bare == typeof(int) ? "integer"
            : bare == typeof(string) ? "text"
            : bare == typeof(bool) ? "`true` or `false`"
            : bare.IsEnum ? string.Join(", ", Words(bare))
            : throw new InvalidOperationException($"The catalog has no word for {bare}.");
        return new NullabilityInfoContext().Create(field).ReadState == NullabilityState.Nullable ? $"{name}, or null" : name;
    }

    private static IEnumerable<string> Words(Type words) =>
        Enum.GetNames(words).Where(word => word is not ("Missing" or "Deleted")).Select(word => $"`{JsonNamingPolicy.CamelCase.ConvertName(word)}`");

    /// <summary>What the record's own comment says of the field.</summary>
    private static string Note(XDocument docs, Type type, string field)
    {
        var note = docs.Descendants("member").FirstOrDefault(member => member.Attribute("name")?.Value == $"T:{type.FullName}")
            ?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == field);
        if (note is null) return EventSentences.Fields[JsonNamingPolicy.CamelCase.ConvertName(field)];

        foreach (var code in note.Elements("c").ToList()) code.ReplaceWith($"`{code.Value}`");
        foreach (var see in note.Elements("see").ToList())
            see.ReplaceWith($"`{JsonNamingPolicy.CamelCase.ConvertName(see.Attribute("cref")!.Value.Split('.')[^1])}`");
        return Blanks().Replace(note.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();
}

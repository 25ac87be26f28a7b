using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MassMessaging.Telemetry;

/// <summary>
/// A line of JSON an entry: <c>at, level, category, message, error?, traceId?, spanId?, values</c>. Scopes are left out: the framework's holds
/// the path that was asked for, and a caller may write a phone into it.
/// </summary>
internal sealed class JsonLogs() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "massmessaging-json";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("at", TimeProvider.System.GetUtcNow()); // the machine's, also while the database is away
            json.WriteString("level", logEntry.LogLevel.ToString().ToLowerInvariant());
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (logEntry.Exception is { } error) json.WriteString("error", error.ToString());
            if (Activity.Current is { } activity)
            {
                json.WriteString("traceId", activity.TraceId.ToHexString());
                json.WriteString("spanId", activity.SpanId.ToHexString());
            }

            json.WriteStartObject("values");
            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values)
                foreach (var (name, value) in values.DistinctBy(value => value.Key).Where(value => value.Key != "{OriginalFormat}"))
                    json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
    }
}

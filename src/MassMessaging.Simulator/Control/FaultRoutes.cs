using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Control;

internal static class FaultRoutes
{
    public static Reply List(Faults faults) => Reply.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var fault in faults.All) Write(json, fault);
        json.WriteEndArray();
    });

    /// <summary>An object adds one fault; an array replaces them all.</summary>
    public static Reply Put(Faults faults, JsonElement body)
    {
        var given = new List<Fault>();
        foreach (var each in body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body])
        {
            if (Read(each, out var wrong) is { } fault) given.Add(fault);
            else return ControlRoutes.Wrong(wrong);
        }

        if (body.ValueKind == JsonValueKind.Array) faults.Replace(given);
        else faults.Set(given[0]);
        return List(faults);
    }

    public static Reply Delete(Faults faults, string? instance, string? kind)
    {
        if (kind is null)
            faults.Clear(instance);
        else if (FaultNames.TryParse(kind, out var known))
            faults.Clear(instance, known);
        else
            return ControlRoutes.Wrong(Unknown(kind));
        return List(faults);
    }

    private static Fault? Read(JsonElement body, out string wrong)
    {
        wrong = "";
        if (!FaultNames.TryParse(body.Text("kind"), out var kind))
        {
            wrong = Unknown(body.Text("kind"));
            return null;
        }

        var isGiven = body.TryGetProperty("probability", out var share) && share.ValueKind == JsonValueKind.Number;
        var probability = isGiven ? share.GetDouble() : 1;
        if (probability is >= 0 and <= 1)
        {
            return new Fault(
                kind, body.Text("instance"), body.Text("number"), probability, body.Whole("times"),
                body.Whole("milliseconds") ?? 0, body.Whole("upToMilliseconds"), body.Text("text"));
        }

        wrong = "probability is between 0 and 1.";
        return null;
    }

    private static string Unknown(string? kind) => $"No fault is called \"{kind}\". There are: {string.Join(", ", FaultNames.All)}.";

    private static void Write(Utf8JsonWriter json, Fault fault)
    {
        json.WriteStartObject();
        json.WriteString("kind", fault.Name);
        json.WriteString("instance", fault.Instance);
        json.WriteString("number", fault.Number);
        json.WriteNumber("probability", fault.Probability);
        if (fault.Times is { } times) json.WriteNumber("times", times);
        if (fault.Milliseconds > 0) json.WriteNumber("milliseconds", fault.Milliseconds);
        if (fault.UpToMilliseconds is { } upTo) json.WriteNumber("upToMilliseconds", upTo);
        if (fault.Text is not null) json.WriteString("text", fault.Text);
        json.WriteEndObject();
    }
}

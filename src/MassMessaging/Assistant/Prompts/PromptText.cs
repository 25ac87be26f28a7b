using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassMessaging.Assistant.Model;
using MassMessaging.Templates;

namespace MassMessaging.Assistant.Prompts;

/// <summary>How the advisor sounds, and what the advisor never says.</summary>
public sealed record Voice(
    string Advisor, string? Business, string? Persona, string? Tone, IReadOnlyList<string> Specialties, IReadOnlyList<string> BannedTerms);

/// <summary>All that a prompt is made of. Two that are equal are the same question: the cache is keyed by it.</summary>
/// <param name="Prompt">The file's name: <c>generate</c>, <c>improve</c>, <c>personalize</c> or <c>suggest</c>.</param>
/// <param name="Language">Tag, as <c>pt-BR</c>.</param>
/// <param name="Task">The advisor's own words, by name.</param>
/// <param name="Examples">Of <c>suggest</c>: past campaigns.</param>
public sealed record PromptInputs(
    string Prompt, string Language, int Count, int MaxLength, Voice Voice, IReadOnlyDictionary<string, string?> Task,
    IReadOnlyList<string> Required, ClientFacts? Client = null, object? Examples = null)
{
    /// <summary>SHA-256; no fence is in it, so that it is the same for the same inputs.</summary>
    public byte[] Key(string model) => SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(new { Version = PromptFiles.NameOf(Prompt), Model = model, Inputs = this }, PromptText.Json));
}

/// <summary>
/// From inputs to words. Whatever people wrote stands between fences that nobody can guess, as JSON, so that it cannot end its fence.
/// </summary>
public static class PromptText
{
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static string NewFence() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static string System(PromptInputs inputs, string shape, string fence) => PromptFiles.Fill("system", new Dictionary<string, string>
    {
        ["fence"] = fence,
        ["language"] = inputs.Language,
        ["maxLength"] = $"{inputs.MaxLength}",
        ["variables"] = string.Join(", ", Variable.All.Select(variable => $"{variable.Token} ({variable.Description})")),
        ["shape"] = shape,
        ["voice"] = Data(inputs.Voice),
    });

    public static ChatTurn User(PromptInputs inputs, string fence)
    {
        var required = inputs.Required.Count == 0 ? "" : $"Every message has these placeholders: {string.Join(", ", inputs.Required)}.";
        return new(IsModels: false, PromptFiles.Fill(inputs.Prompt, new Dictionary<string, string>
        {
            ["fence"] = fence,
            ["count"] = $"{inputs.Count}",
            ["required"] = required,
            ["task"] = Data(inputs.Task.Where(word => word.Value is not null).ToDictionary()),
            ["client"] = inputs.Client is { } facts ? Client(facts, fence) : "",
            ["examples"] = Data(inputs.Examples ?? Array.Empty<string>()),
        }));
    }

    public static ChatTurn Repair(IReadOnlyList<string> problems, int count, string fence) => new(IsModels: false, PromptFiles.Fill(
        "repair", new Dictionary<string, string> { ["fence"] = fence, ["count"] = $"{count}", ["problems"] = Data(problems) }));

    public static ChatTurn Policy(int count) =>
        new(IsModels: false, PromptFiles.Fill("policy", new Dictionary<string, string> { ["count"] = $"{count}" }));

    private static string Client(ClientFacts facts, string fence) =>
        PromptFiles.Fill("client", new Dictionary<string, string> { ["fence"] = fence, ["facts"] = Data(facts) });

    private static string Data(object value) => JsonSerializer.Serialize(value, value.GetType(), Json);
}

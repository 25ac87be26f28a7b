using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace MassMessaging.Assistant.Prompts;

/// <summary>
/// The words that the model is told, as data: one file for each prompt and version, <c>generate.1.md</c>. A file that was released is never
/// changed: a new wording is a new version, and the log names the one that was used.
/// </summary>
public static partial class PromptFiles
{
    public const int Version = 1;

    private static readonly string[] Prompts = ["system", "generate", "improve", "personalize", "suggest", "client", "repair", "policy"];

    private static readonly ConcurrentDictionary<string, string> files = new(StringComparer.Ordinal);

    /// <summary>Our own words, which no message may recite.</summary>
    public static IReadOnlyList<string> All => [.. Prompts.Select(Read)];

    /// <summary>As answers and the log name it: <c>generate-1</c>.</summary>
    public static string NameOf(string prompt) => $"{prompt}-{Version}";

    /// <summary>One pass: what is filled in is never looked at again. A place without a value is a mistake of ours.</summary>
    /// <exception cref="KeyNotFoundException">A place has no value.</exception>
    public static string Fill(string prompt, IReadOnlyDictionary<string, string> values) =>
        Place().Replace(Read(prompt), place => values[place.Groups["name"].Value]).Trim();

    private static string Read(string prompt) => files.GetOrAdd($"{prompt}.{Version}.md", name =>
    {
        using var reader = new StreamReader(typeof(PromptFiles).Assembly.GetManifestResourceStream($"Prompts.{name}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    });

    [GeneratedRegex(@"\{\{(?<name>[a-zA-Z]+)\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}

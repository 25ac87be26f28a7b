using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.Campaigns;

/// <summary>One of the texts that a campaign tries side by side.</summary>
/// <param name="Share">Of the audience, in whole percent; the shares of a campaign add up to 100.</param>
public sealed record Variant(string Name, int Share, string MessageContent);

/// <summary>The variants of a campaign in their order. The place is the key that events carry: <c>A</c> is the first.</summary>
public static class Variants
{
    public const int Fewest = 2;
    public const int Most = 5;

    public static string Key(int place) => ((char)('A' + place)).ToString();

    /// <summary>What the variant of that key says; null without one.</summary>
    public static string? Text(IReadOnlyList<Variant>? variants, string? key) =>
        variants is not null && key is [var letter] && letter - 'A' is var place && place >= 0 && place < variants.Count
            ? variants[place].MessageContent
            : null;

    /// <summary>The form of the columns <c>variants</c>.</summary>
    public static string ToJson(IReadOnlyList<Variant> variants) => JsonSerializer.Serialize(variants, JsonConventions.Options);

    public static IReadOnlyList<Variant>? FromJson(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<List<Variant>>(json, JsonConventions.Options);
}

using System.Text.Json;
using MassMessaging.Http;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>One of the texts that a campaign tries side by side.</summary>
/// <param name="Share">Of the audience, in whole percent; the shares of a campaign add up to 100.</param>
public sealed record Variant(string Name, int Share, string MessageContent);

/// <summary>The variants of a campaign in their order. The place is the key that events carry: <c>A</c> is the first.</summary>
public static class Variants
{
    public const int Fewest = 2;
    public const int Most = 5;
    public const int MaxName = 50;

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

    /// <summary>Names every wrong field in the list; null when there is none, or something is wrong.</summary>
    public static IReadOnlyList<Variant>? Read(Fields body)
    {
        if (body.Objects("variants", Most) is not { } items) return null;
        if (items.Count < Fewest) body.Wrong("variants", $"must be {Fewest} to {Most}");

        var read = items.Select(ReadOne).ToList();
        for (var place = 1; place < read.Count; place++)
            if (read[..place].Exists(other => string.Equals(other.Name, read[place].Name, StringComparison.OrdinalIgnoreCase)))
                items[place].Wrong("name", "must differ from the other variants'");
        if (read.TrueForAll(variant => variant.Share is not null) && read.Sum(variant => variant.Share) != 100)
            body.Wrong("variants", "must have shares that add up to 100");
        return body.AreWrong ? null : read.ConvertAll(variant => new Variant(variant.Name, variant.Share!.Value, variant.Text!));
    }

    private static (string Name, int? Share, string? Text) ReadOne(Fields item, int place)
    {
        if (!item.Given("share")) item.Wrong("share", "is required");
        var name = item.Text("name", MaxName)?.Trim();
        return (
            string.IsNullOrEmpty(name) ? Key(place) : name,
            item.Whole("share", 1, 99),
            TemplateBody.ReadContent(item, "messageContent", required: true));
    }
}

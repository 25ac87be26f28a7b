using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Which text: a campaign's, or one of its variants.</summary>
public readonly record struct TextOf(Guid Campaign, string? Variant);

/// <summary>
/// The guard against a day of messages that all read the same: a text that has more than its share of those granted today waits, once enough
/// were granted for a share to mean anything. It is over by one message at most, else two texts of half each would wait for one another.
/// Pure but for its counting on.
/// </summary>
/// <param name="policy">How much is too much.</param>
/// <param name="tomorrow">When the count begins anew.</param>
/// <param name="fingerprints">Of each text that may be asked about.</param>
/// <param name="granted">Today, by fingerprint; all of the lane's.</param>
public sealed partial class TextShares(
    SimilarText policy, DateTimeOffset tomorrow, IReadOnlyDictionary<TextOf, string> fingerprints, Dictionary<string, int> granted)
{
    private long total = granted.Values.Sum(count => (long)count);

    public string? PrintOf(TextOf text) => fingerprints.GetValueOrDefault(text);

    public MemberHold? Hold(TextOf text)
    {
        if (total < policy.MinSample || !fingerprints.TryGetValue(text, out var print)) return null;
        return granted.GetValueOrDefault(print) > policy.MaxShare * total ? new(MemberHold.SimilarText, tomorrow) : null;
    }

    public void Grant(TextOf text)
    {
        if (!fingerprints.TryGetValue(text, out var print)) return;
        total++;
        granted[print] = granted.GetValueOrDefault(print) + 1;
    }

    /// <summary>Texts that read nearly the same have the same: variables, digits, emoji, punctuation, spaces, case and accents aside.</summary>
    public static string Fingerprint(string content)
    {
        var letters = Variable().Replace(content, "").Normalize(NormalizationForm.FormKD).Where(char.IsLetter);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(letters).ToLower(CultureInfo.InvariantCulture))));
    }

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}

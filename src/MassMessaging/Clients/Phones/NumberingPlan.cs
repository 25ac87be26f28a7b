using System.Globalization;

namespace MassMessaging.Clients;

/// <summary>What is known of one calling code. The data is in calling-codes.txt and shared-codes.txt beside this file.</summary>
/// <param name="Code">Calling code, digits only.</param>
/// <param name="Country">ISO 3166 alpha-2 of the code's main country; null for satellites and the like.</param>
/// <param name="Lengths">Digits that may follow the code in canonical spelling.</param>
/// <param name="Trunks">What is dialled before a national number inside the country and is no part of it.</param>
/// <param name="First">Digits that a national number may start with.</param>
public sealed record NumberingPlan(string Code, string? Country, IReadOnlySet<int> Lengths, IReadOnlyList<string> Trunks, string First)
{
    private static readonly Dictionary<string, NumberingPlan> byCode =
        Lines("calling-codes.txt").Select(Read).ToDictionary(plan => plan.Code);

    private static readonly Dictionary<string, string> countryByPrefix = Lines("shared-codes.txt")
        .SelectMany(line => line.Skip(1).Select(prefix => (Prefix: prefix, Country: line[0])))
        .ToDictionary(entry => entry.Prefix, entry => entry.Country);

    private static readonly Dictionary<string, NumberingPlan> byCountry = byCode.Values
        .Where(plan => plan.Country is not null)
        .Select(plan => (Country: plan.Country!, Plan: plan))
        .Concat(countryByPrefix.Select(entry => (Country: entry.Value, Plan: Of(entry.Key)!)))
        .DistinctBy(entry => entry.Country)
        .ToDictionary(entry => entry.Country, entry => entry.Plan, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every calling code that is known.</summary>
    public static IReadOnlyCollection<NumberingPlan> All => byCode.Values;

    /// <summary>The plan whose calling code the digits start with. No code is the start of another, so there is at most one.</summary>
    public static NumberingPlan? Of(string digits) =>
        Enumerable.Range(1, Math.Min(3, digits.Length))
            .Select(length => byCode.GetValueOrDefault(digits[..length]))
            .FirstOrDefault(plan => plan is not null);

    public static NumberingPlan? OfCountry(string country) => byCountry.GetValueOrDefault(country);

    /// <summary>The country of an international number: of the longest shared prefix, else of its calling code.</summary>
    public static string? CountryOf(string digits) =>
        Enumerable.Range(2, Math.Clamp(digits.Length - 1, 0, 5))
            .Reverse()
            .Select(length => countryByPrefix.GetValueOrDefault(digits[..length]))
            .FirstOrDefault(country => country is not null) ?? Of(digits)?.Country;

    public bool Fits(string national) => Lengths.Contains(national.Length) && First.Contains(national[0], StringComparison.Ordinal);

    private static NumberingPlan Read(string[] fields) => new(
        fields[0],
        fields[1] == "-" ? null : fields[1],
        fields[2].Split(',').SelectMany(Span).ToHashSet(),
        fields[3] == "-" ? [] : fields[3].Split(','),
        fields[4] == "-" ? "0123456789" : string.Concat(Span(fields[4])));

    private static IEnumerable<int> Span(string range)
    {
        var ends = range.Split('-');
        var from = int.Parse(ends[0], CultureInfo.InvariantCulture);
        return Enumerable.Range(from, int.Parse(ends[^1], CultureInfo.InvariantCulture) - from + 1);
    }

    private static IEnumerable<string[]> Lines(string file)
    {
        using var reader = new StreamReader(typeof(NumberingPlan).Assembly.GetManifestResourceStream($"Phones.{file}")!);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Trim().Split(' '))];
    }
}

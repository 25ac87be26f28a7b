using System.Text.RegularExpressions;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

/// <summary>A comparison that ends at the first wrong byte tells how many were right.</summary>
public sealed partial class SecretComparisonSpecs
{
    private static readonly string[] Judges = ["WebhookSecrets.cs", "CloudSignature.cs", "ApiKeySignIn.cs"];

    [Fact]
    public void What_judges_a_proof_compares_in_constant_time() => Assert.Empty(
        Judges.Except(Files().Where(file => File.ReadAllText(file).Contains("CryptographicOperations.FixedTimeEquals(", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)!)));

    [Fact]
    public void No_secret_is_compared_in_another_way() => Assert.Empty(
        from file in Files()
        from line in File.ReadAllLines(file).Index()
        let code = line.Item.Split("//")[0]
        where Comparison().IsMatch(code)
        select $"{Path.GetFileName(file)}:{line.Index + 1}: {code.Trim()}");

    [Theory]
    [InlineData("if (shown == secret) return;")]
    [InlineData("if (webhookSecret != shown) return;")]
    [InlineData("return signature.SequenceEqual(shown);")]
    [InlineData("return string.Equals(shown, apiKey, StringComparison.Ordinal);")]
    [InlineData("return digest.AsSpan().SequenceEqual(other);")]
    public void Such_a_comparison_would_be_found(string code) => Assert.Matches(Comparison(), code);

    private static IEnumerable<string> Files() => new[] { "MassMessaging", "MassMessaging.Kernel" }
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Sources.Root, "src", project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"));

    /// <summary>By a name that ends as secrets are called; whether there is one at all may be asked.</summary>
    [GeneratedRegex(
        @"(secret|signature|digest|password|ticket|verifyToken|accessToken|apiKey)\b\s*(==|!=)\s*(?!null\b|"""")|(?<!\bnull )(==|!=)\s*\w*(secret|signature|digest|password|ticket|verifyToken|accessToken|apiKey)\b(?!\s*[.(])"
        + @"|(secret|signature|digest|password|ticket|verifyToken|accessToken|apiKey)(\.AsSpan\(\))?\.(Equals|SequenceEqual|CompareTo)\(|\b(string|MemoryExtensions)\.(Equals|Compare|SequenceEqual)\([^)]*(secret|signature|digest|password|ticket|verifyToken|accessToken|apiKey)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comparison();
}

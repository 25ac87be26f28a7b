using System.Globalization;

namespace MassMessaging.Tests.Proof;

/// <summary>A new one each run, told; <c>PROOF_SEED</c> repeats one.</summary>
internal static class Seed
{
    public static int Of(ITestOutputHelper output)
    {
        var seed = Environment.GetEnvironmentVariable("PROOF_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next(1, 1_000_000);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PROOF_SEED={seed}"));
        return seed;
    }
}

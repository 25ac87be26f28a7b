using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// A heavy spec's two sizes, given to its one parameter: the small one always runs, the full one only with
/// <c>dotnet test --filter Size=Full</c> (what leaves it out otherwise is <c>plain.runsettings</c>).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SizesAttribute(int small, int full) : DataAttribute
{
    public int Small => small;

    public int Full => full;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var named = new TheoryDataRow(full);
        named.Traits["Size"] = ["Full"];
        return new([new TheoryDataRow(small), named]);
    }

    /// <summary>Rows must be test cases of their own, or their traits could not be filtered by.</summary>
    public override bool SupportsDiscoveryEnumeration() => true;
}

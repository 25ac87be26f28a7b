namespace MassMessaging.Tests.Harness;

public sealed class SizesSpecs
{
    [Theory, Sizes(small: 10, full: 1000)]
    public void A_heavy_spec_runs_at_the_size_that_was_asked_for(int size) => Assert.Contains(size, (int[])[10, 1000]);
}

using MassMessaging.Kernel;

namespace MassMessaging.Tests;

public sealed class DecisionSpecs
{
    [Fact]
    public void Nothing_carries_neither_events_nor_messages()
    {
        var nothing = Assert.IsType<Decision.Accepted>(Decision.Nothing);

        Assert.Empty(nothing.Events);
        Assert.Empty(nothing.Messages);
    }
}

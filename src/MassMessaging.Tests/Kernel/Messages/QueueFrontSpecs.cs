using MassMessaging.Kernel.Messages;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class QueueFrontSpecs
{
    private static readonly QueuePlace place = new(new DateTime(2026, 3, 1, 9, 0, 0, DateTimeKind.Utc), 7);

    private readonly FakeTimeProvider clock = new();
    private readonly QueueFront front;

    public QueueFrontSpecs() => front = new(clock);

    [Fact]
    public void A_look_begins_where_the_last_batch_did()
    {
        Assert.Null(front.Next());
        front.Found(place);

        Assert.Equal(place, front.Next());
    }

    [Fact]
    public void Once_a_second_it_begins_at_the_beginning()
    {
        _ = front.Next();
        front.Found(place);
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(place, front.Next());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(front.Next());
        front.Found(place);

        Assert.Equal(place, front.Next());
    }

    [Fact]
    public void Behind_nothing_it_does_as_well()
    {
        front.Found(place);
        front.Found(null);

        Assert.Null(front.Next());
    }
}

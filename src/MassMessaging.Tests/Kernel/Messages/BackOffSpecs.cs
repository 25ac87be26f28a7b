using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class BackOffSpecs
{
    private static readonly QueueOptions Queue = new("any") { BackOff = TimeSpan.FromSeconds(1), MaxBackOff = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1_000, 60)]
    public void It_doubles_up_to_the_most(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.After(Queue, attempt, random: 0));

    [Fact]
    public void Jitter_takes_off_at_most_half() => Prop.ForAll<PositiveInt, NormalFloat>((attempt, seed) =>
    {
        var most = BackOff.After(Queue, attempt.Get, 0);
        var rest = BackOff.After(Queue, attempt.Get, Math.Abs(Math.Sin(seed.Get)));
        return rest <= most && rest >= most / 2;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_reason_kept_names_types_and_codes_and_never_what_was_said() =>
        Assert.Equal("HttpRequestException 503", Settlement.Reason(new AggregateException(
            new HttpRequestException("Ana Gómez", null, System.Net.HttpStatusCode.ServiceUnavailable))));
}

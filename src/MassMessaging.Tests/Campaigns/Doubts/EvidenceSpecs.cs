using MassMessaging.Campaigns.Doubts;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns.Doubts;

public sealed class EvidenceSpecs
{
    private static readonly DateTimeOffset Attempt = new(2026, 3, 2, 15, 0, 30, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = Attempt.AddSeconds(80);

    [Fact]
    public void The_one_message_with_the_text_in_the_window_is_the_one() =>
        Assert.Equal("A", Found(Message("A", "Hola Ana", 2), Message("B", "Hola Beto", 3)));

    [Theory]
    [InlineData(-62)]
    [InlineData(142)]
    public void A_message_of_another_time_is_none(int seconds) => Assert.Null(Found(Message("A", "Hola Ana", seconds)));

    [Fact]
    public void Another_text_is_none() => Assert.Null(Found(Message("A", "Hola Ana!", 2)));

    [Fact]
    public void Two_that_fit_prove_nothing() => Assert.Null(Found(Message("A", "Hola Ana", 2), Message("B", "Hola Ana", 9)));

    [Fact]
    public void The_same_one_told_twice_is_one() => Assert.Equal("A", Found(Message("A", "Hola Ana", 2), Message("A", "Hola Ana", 2)));

    [Fact]
    public void Nothing_proves_nothing() => Assert.Null(Found());

    [Theory]
    [InlineData("Son las 15:00")]
    [InlineData("Son las 15:01")]
    public void A_minute_that_turned_between_rendering_and_sending_is_forgiven(string text) =>
        Assert.Equal("A", Evidence.Of([Message("A", text, 31)], at => [$"Son las {at:HH:mm}"], Attempt, Latest)?.GatewayMessageId);

    private static SentMessage Message(string id, string text, int seconds) => new(id, text, Attempt.AddSeconds(seconds));

    private static string? Found(params SentMessage[] kept) => Evidence.Of(kept, _ => ["Hola Ana"], Attempt, Latest)?.GatewayMessageId;
}

using MassMessaging.Campaigns.Restores;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns.Restores;

public sealed class RestoreEvidenceSpecs
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 15, 0, 30, TimeSpan.Zero);
    private static readonly RestoredMember Ana = new(Guid.NewGuid(), Guid.NewGuid(), null, "Ana", "+5491155000000");
    private static readonly RestoredMember Beto = Ana with { Id = Guid.NewGuid(), Name = "Beto", Phone = "+5491155000001" };

    [Fact]
    public void Whose_message_the_gateway_has_was_written_to()
    {
        var found = Match([Ana, Beto], Message("A", Ana, "Hola Ana"));

        Assert.Equal([Ana.Id], found.Sent.Select(one => one.Member.Id));
        Assert.Empty(found.Unclear);
    }

    [Fact]
    public void Another_text_is_another_message() => Assert.Empty(Match([Ana], Message("A", Ana, "Nos vemos mañana")).Sent);

    [Fact]
    public void A_message_to_another_person_says_nothing() => Assert.Empty(Match([Ana], Message("A", Beto, "Hola Ana")).Sent);

    [Fact]
    public void One_message_that_fits_two_campaigns_leaves_both_in_doubt()
    {
        var second = Ana with { Id = Guid.NewGuid(), CampaignId = Guid.NewGuid() };

        var found = Match([Ana, second], Message("A", Ana, "Hola Ana"));

        Assert.Empty(found.Sent);
        Assert.Equal([Ana.Id, second.Id], found.Unclear.Select(member => member.Id));
    }

    [Fact]
    public void Two_messages_that_fit_one_member_leave_it_in_doubt() =>
        Assert.Equal([Ana], Match([Ana], Message("A", Ana, "Hola Ana"), Message("B", Ana, "Hola Ana")).Unclear);

    [Fact]
    public void One_that_is_told_twice_is_one() => Assert.Single(Match([Ana], Message("A", Ana, "Hola Ana"), Message("A", Ana, "Hola Ana")).Sent);

    [Fact]
    public void A_minute_that_turned_before_the_gateway_sent_it_is_forgiven() => Assert.Single(RestoreEvidence.Match(
        [Ana], new[] { Message("A", Ana, "Son las 15:01") }.ToLookup(one => one.Phone, one => one.Sent), (_, at) => [$"Son las {at:HH:mm}"]).Sent);

    private static (string Phone, SentMessage Sent) Message(string id, RestoredMember to, string text) => (to.Phone, new SentMessage(id, text, At));

    private static RestoreFindings Match(RestoredMember[] waiting, params (string Phone, SentMessage Sent)[] kept) => RestoreEvidence.Match(
        waiting, kept.ToLookup(one => one.Phone, one => one.Sent), (member, _) => [$"Hola {member.Name}"]);
}

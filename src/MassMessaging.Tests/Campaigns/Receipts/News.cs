using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns.Receipts;

/// <summary>What may be heard of one attempt.</summary>
public enum News
{
    /// <summary>The call's own answer, early or late.</summary>
    Accepted,

    /// <summary>The call ended without one.</summary>
    Unknown,
    Failed,
    Delivered,
    Read,
    Replied,
}

/// <summary>What happened to one message at the gateway, and what of it was heard: in any order, any number of times, or never.</summary>
public sealed record Story(IReadOnlyList<News> Happened, IReadOnlyList<News> Heard)
{
    public static Gen<Story> Any { get; } =
        from receipts in Gen.SubListOf(News.Failed, News.Delivered, News.Read, News.Replied)
        let happened = (IReadOnlyList<News>)[News.Accepted, .. receipts.Order()]
        from heard in Gen.Elements<News>([.. happened, News.Unknown]).ListOf()
        select new Story(happened, [.. heard]);

    /// <summary>
    /// Without the gateway's id, which the answer brings, nothing else that is told of the message can be known to be about it.
    /// </summary>
    public MemberStatus Expected => !Heard.Contains(News.Accepted)
        ? Heard.Contains(News.Unknown) ? MemberStatus.InDoubt : MemberStatus.Sending
        : Highest(Heard);

    public static MemberStatus Highest(IReadOnlyList<News> news) =>
        news.Contains(News.Read) ? MemberStatus.Read
        : news.Contains(News.Delivered) ? MemberStatus.Delivered
        : news.Contains(News.Failed) ? MemberStatus.Failed
        : MemberStatus.Sent;

    public static ReceiptKind? Receipt(News news) => news switch
    {
        News.Failed => ReceiptKind.Failed,
        News.Delivered => ReceiptKind.Delivered,
        News.Read => ReceiptKind.Read,
        _ => null,
    };
}

using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>Versions of what a campaign says and to whom, beside the log: each is written once, and events name it by id.</summary>
public static class CampaignContent
{
    private const string Insert = """
        insert into campaign_content (profile_id, id, campaign_id, name, objective, message_content, audience, meta_template, variants, created_at)
        values (@profile, @id, @campaign, @name, @objective, @message, @audience::jsonb, @meta::jsonb, @variants::jsonb, @now)
        """;

    // The campaign's row names the version before: this session's events change it at the commit.
    private const string InsertChanged = """
        insert into campaign_content (profile_id, id, campaign_id, name, objective, message_content, audience, meta_template, variants, created_at)
        select t.profile_id, @id, t.campaign_id,
               coalesce(@name, t.name), coalesce(@objective, t.objective), coalesce(@message, t.message_content),
               case when @sets_audience then @audience::jsonb else t.audience end,
               case when @sets_meta then @meta::jsonb else t.meta_template end,
               case when @sets_variants then @variants::jsonb else t.variants end, @now
        from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        where c.profile_id = @profile and c.id = @campaign
        """;

    private const string Copy = """
        insert into campaign_content (profile_id, id, campaign_id, name, objective, message_content, audience, meta_template, variants, created_at)
        select t.profile_id, @id, @campaign, @name, t.objective, t.message_content, t.audience, t.meta_template, t.variants, @now
        from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        where c.profile_id = @profile and c.id = @source
        """;

    private const string Remove = "delete from campaign_content where profile_id = @profile and campaign_id = @campaign";

    private const string SelectAudience = """
        select t.audience from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        where c.profile_id = @profile and c.id = @campaign
        """;

    public static Task Write(ISession session, StreamKey campaign, Guid id, CampaignBody body, CancellationToken ct) => session.Sql(
        Insert, ct,
        ("profile", campaign.Profile), ("id", id), ("campaign", campaign.Id), ("name", body.Name),
        ("objective", body.Objective), ("message", body.MessageContent),
        ("audience", body.Audience.ToJson()), ("meta", body.MetaTemplate?.ToJson()),
        ("variants", Json(body.Variants)), ("now", session.Now));

    /// <summary>A new version: the one before with the fields that <paramref name="body"/> has.</summary>
    public static Task WriteChanged(
        ISession session, StreamKey campaign, Guid id, CampaignBody body, bool setsAudience, bool setsMeta, bool setsVariants,
        CancellationToken ct) => session.Sql(
        InsertChanged, ct,
        ("profile", campaign.Profile), ("id", id), ("campaign", campaign.Id), ("name", body.Name), ("objective", body.Objective),
        ("message", body.MessageContent), ("sets_audience", setsAudience), ("audience", body.Audience.ToJson()),
        ("sets_variants", setsVariants), ("sets_meta", setsMeta), ("meta", body.MetaTemplate?.ToJson()),
        ("variants", Json(body.Variants)), ("now", session.Now));

    /// <summary>Answers the number of rows: none if the source is not there.</summary>
    public static Task<int> WriteCopy(
        ISession session, Guid source, StreamKey campaign, Guid id, string name, CancellationToken ct) => session.Sql(
        Copy, ct,
        ("profile", campaign.Profile), ("id", id), ("campaign", campaign.Id), ("source", source), ("name", name), ("now", session.Now));

    public static Task RemoveAll(ISession session, StreamKey campaign, CancellationToken ct) =>
        session.Sql(Remove, ct, ("profile", campaign.Profile), ("campaign", campaign.Id));

    public static async Task<AudienceSpec?> Audience(ISession session, StreamKey campaign, CancellationToken ct) =>
        (await session.Query(
            SelectAudience, row => AudienceSpec.FromJson(row.GetString(0)), ct, ("profile", campaign.Profile), ("campaign", campaign.Id)))
        .SingleOrDefault();

    private static string? Json(IReadOnlyList<Variant>? variants) => variants is null ? null : Variants.ToJson(variants);
}

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>
/// Gives a profile its number at Meta. A number belongs to one profile: to the first that Meta took a token from, before that to the last
/// that named it, or anybody could keep a number from its owner by typing it.
/// </summary>
internal static class CloudClaim
{
    private const string Claim = """
        insert into whatsapp_cloud as c (profile_id, phone_number_id, waba_id, access_token, app_secret, verify_token, verify_digest, created_at, updated_at)
        values (@profile, @number, @waba, @access, @app, @verify, @digest, @now, @now)
        on conflict (phone_number_id) do update
        set profile_id = excluded.profile_id, waba_id = excluded.waba_id, access_token = excluded.access_token,
            app_secret = excluded.app_secret, verify_token = excluded.verify_token, verify_digest = excluded.verify_digest,
            disconnected_at = case when c.profile_id = excluded.profile_id then c.disconnected_at end, updated_at = excluded.updated_at
        where c.profile_id = excluded.profile_id or c.proven_at is null
        """;

    private const string Own = """
        insert into whatsapp_instance (instance, profile_id, claimed_at) values (@instance, @profile, @now)
        on conflict (instance) do update set profile_id = excluded.profile_id, claimed_at = excluded.claimed_at
        where whatsapp_instance.profile_id <> excluded.profile_id
        """;

    // Who named the number without proving it starts again with the default gateway.
    private const string Displace = "delete from whatsapp_config where instance = @instance and profile_id <> @profile";

    private const string Prove =
        "update whatsapp_cloud set proven_at = coalesce(proven_at, @now), disconnected_at = null where profile_id = @profile and phone_number_id = @number";

    private const string Disconnect =
        "update whatsapp_cloud set disconnected_at = @now where profile_id = @profile and phone_number_id = @number";

    /// <summary>False when another profile has proven the number.</summary>
    public static async Task<bool> Take(
        ISession session, CloudAccounts accounts, Guid profile, string number, string waba, CloudSecrets secrets, CancellationToken ct)
    {
        var claimed = await session.Sql(
            Claim, ct, ("profile", profile), ("number", number), ("waba", waba), ("access", accounts.Protect(secrets.AccessToken)),
            ("app", accounts.Protect(secrets.AppSecret)), ("verify", accounts.Protect(secrets.VerifyToken)),
            ("digest", CloudAccounts.Digest(secrets.VerifyToken)), ("now", session.Now));
        if (claimed == 0) return false;

        var instance = CloudInstance.Of(number);
        await session.Sql(Own, ct, ("instance", instance), ("profile", profile), ("now", session.Now));
        await session.Sql(Displace, ct, ("instance", instance), ("profile", profile));
        return true;
    }

    /// <summary>False when another profile has the number by now.</summary>
    public static async Task<bool> Proven(ISession session, CloudAccount account, CancellationToken ct) =>
        await session.Sql(Prove, ct, ("profile", account.Profile), ("number", account.PhoneNumberId), ("now", session.Now)) > 0;

    public static Task Disconnected(ISession session, CloudAccount account, CancellationToken ct) =>
        session.Sql(Disconnect, ct, ("profile", account.Profile), ("number", account.PhoneNumberId), ("now", session.Now));
}

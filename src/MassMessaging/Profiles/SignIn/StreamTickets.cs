using System.Buffers.Text;
using System.Data.Common;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using MassMessaging.Http;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace MassMessaging.Profiles.SignIn;

/// <param name="Ticket">For <c>?ticket=</c> of one event stream.</param>
public sealed record StreamTicket(string Ticket, DateTimeOffset ExpiresAt);

/// <summary>
/// <c>POST /api/auth/stream-ticket</c>. A browser's EventSource sends no header, and an address ends up in logs: so what stands in it is
/// good for a minute, once, and for reading streams only.
/// </summary>
public static class StreamTickets
{
    public const string Parameter = "ticket";

    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private const int Bytes = 32;

    private const string Insert = """
        with past as (delete from stream_ticket where expires_at <= @now)
        insert into stream_ticket (digest, profile_id, user_id, key_id, expires_at) values (@digest, @profile, @user, @key, @expiresAt)
        """;

    public static void Map(IEndpointRouteBuilder auth) => auth.MapPost("/auth/stream-ticket", Post)
        .Documented("createStreamTicket", "Answers a ticket that opens one event stream within 60 s.")
        .WithTags("Sign-in").Needs(Scope.Read).NotIdempotent().Produces<StreamTicket>();

    /// <summary>Streams only: anything else asked for with a ticket is as if it had none.</summary>
    internal static bool IsFor(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.Query.ContainsKey(Parameter)
        && IsStream(context.GetEndpoint()?.Metadata);

    internal static byte[] DigestOf(string ticket) => SHA256.HashData(Encoding.UTF8.GetBytes(ticket));

    private static bool IsStream(EndpointMetadataCollection? metadata) =>
        metadata?.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.ContentTypes.Contains("text/event-stream")) == true;

    private static async Task<IResult> Post(Caller caller, ClaimsPrincipal user, IStore store, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        var expiresAt = session.Now + Life;
        Guid? key = Guid.TryParse(user.FindFirstValue(ScopeCheck.KeyClaim), out var id) ? id : null;
        await session.Sql(
            Insert, ct, ("digest", DigestOf(ticket)), ("profile", caller.ProfileId), ("user", caller.UserId), ("key", key),
            ("expiresAt", expiresAt), ("now", session.Now));
        await session.Commit(ct);
        return TypedResults.Ok(new StreamTicket(ticket, expiresAt));
    }
}

/// <summary><c>?ticket=</c>: deleted as it is read, so that of two who come with it, on whatever nodes, one is let in.</summary>
internal sealed class StreamTicketSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IStore store)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "stream-ticket";

    private const string Use = """
        delete from stream_ticket t where digest = @digest and expires_at > @now
            and (key_id is null or exists (
                select from api_key k
                where k.id = t.key_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > @now)))
        returning profile_id, user_id, key_id
        """;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var ticket = Request.Query[StreamTickets.Parameter].ToString();
        await using var session = store.Open(Origin.System);
        var found = await session.Query(
            Use, Claims, Context.RequestAborted, ("digest", StreamTickets.DigestOf(ticket)), ("now", session.Now));
        await session.Commit(Context.RequestAborted);
        if (found is not [var claims]) return AuthenticateResult.Fail("There is no such ticket, or it was used.");

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName)), SchemeName));
    }

    private static List<Claim> Claims(DbDataReader row)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, row.GetGuid(1).ToString()), new(Caller.ProfileClaim, row.GetGuid(0).ToString()),
            new(ScopeCheck.ScopeClaim, ScopeCheck.Word(Scope.Read)),
        ];
        if (!row.IsDBNull(2)) claims.Add(new Claim(ScopeCheck.KeyClaim, row.GetGuid(2).ToString()));
        return claims;
    }
}

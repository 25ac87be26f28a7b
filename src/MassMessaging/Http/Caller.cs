using System.Diagnostics;
using System.Reflection;
using System.Security.Claims;
using MassMessaging.Kernel;

namespace MassMessaging.Http;

/// <summary>Who asks: every query and every stream of a request is scoped by <paramref name="ProfileId"/>.</summary>
public sealed record Caller(Guid ProfileId, Guid UserId, Origin Origin)
{
    /// <summary>Added to the principal after authentication; never taken from a request.</summary>
    public const string ProfileClaim = "mass-messaging:profile";

    /// <summary>An API key without the scope may not; whoever signed in may.</summary>
    public bool MaySend { private get; init; } = true;

    /// <summary>For routes that cause messages only with some of their bodies.</summary>
    /// <exception cref="ProblemException">403 <c>scope-missing</c>.</exception>
    public void RequireSend()
    {
        if (!MaySend) throw new ProblemException(ScopeCheck.Lacks(Scope.Send));
    }

    /// <exception cref="ProblemException">401 <c>not-signed-in</c>.</exception>
    public static ValueTask<Caller> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var user = context.User;
        if (!Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
            || !Guid.TryParse(user.FindFirstValue(ProfileClaim), out var profileId))
            throw new ProblemException(Problems.OfStatus(StatusCodes.Status401Unauthorized));

        var key = user.FindFirstValue(ScopeCheck.KeyClaim);
        var correlation = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        var actor = key is null ? $"user:{userId}" : $"key:{key}";
        return ValueTask.FromResult(new Caller(profileId, userId, new Origin(actor, correlation)) { MaySend = ScopeCheck.Has(user, Scope.Send) });
    }
}

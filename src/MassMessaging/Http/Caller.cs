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

    /// <exception cref="ProblemException">401 <c>not-signed-in</c>.</exception>
    public static ValueTask<Caller> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var user = context.User;
        if (!Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
            || !Guid.TryParse(user.FindFirstValue(ProfileClaim), out var profileId))
            throw new ProblemException(Problems.OfStatus(StatusCodes.Status401Unauthorized));

        var correlation = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        return ValueTask.FromResult(new Caller(profileId, userId, new Origin($"user:{userId}", correlation)));
    }
}

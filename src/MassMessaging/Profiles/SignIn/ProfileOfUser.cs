using System.Security.Claims;
using MassMessaging.Http;
using Microsoft.AspNetCore.Authentication;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Names the profile of whoever signed in, by whatever proof; the first time it is made.</summary>
internal sealed class ProfileOfUser(ProfileIds profiles, IHttpContextAccessor http) : IClaimsTransformation
{
    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (principal.HasClaim(claim => claim.Type == Caller.ProfileClaim)) return principal;
        if (!Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var user)) return principal;

        var ct = http.HttpContext?.RequestAborted ?? CancellationToken.None;
        var profile = await profiles.Of(user, principal.FindFirstValue(ClaimTypes.Email), ct);
        var named = principal.Clone();
        named.AddIdentity(new ClaimsIdentity([new Claim(Caller.ProfileClaim, profile.ToString())]));
        return named;
    }
}

using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace MassMessaging.Http;

/// <summary>
/// Requests per minute: of a user over the whole API, of a user where a model is paid, and of an address where passwords
/// can be guessed or anybody can write.
/// </summary>
public static class RateLimits
{
    public const string SignIn = "sign-in";
    public const string Survey = "survey";
    public const string Assistant = "assistant";

    private const int PrefixOfIPv6 = 8; // bytes: a household or server gets a /64, and changes the rest at will

    public static void Add(IServiceCollection services, Settings settings) => services.AddRateLimiter(limiter =>
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                ? PerMinute(Who(context), settings.RateLimitPerMinute)
                : RateLimitPartition.GetNoLimiter(""));
        limiter.AddPolicy(SignIn, context => PerMinute(Address(context), settings.SignInsPerMinute));
        limiter.AddPolicy(Survey, context => PerMinute(Address(context), settings.SurveysPerMinute));
        limiter.AddPolicy(Assistant, context => PerMinute(Who(context), settings.AssistantPerMinute));
        limiter.OnRejected = Reject;
    });

    private static RateLimitPartition<string> PerMinute(string who, int permits) => RateLimitPartition.GetFixedWindowLimiter(
        who, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });

    private static string Who(HttpContext context) =>
        context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } user ? $"user:{user}" : Address(context);

    private static string Address(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "address:none";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"address:{Convert.ToHexString(address.GetAddressBytes().AsSpan(0, PrefixOfIPv6))}"
            : $"address:{address}";
    }

    private static async ValueTask Reject(OnRejectedContext rejected, CancellationToken ct)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        var problem = Problems.TooMany("rate-limited", "Too many requests: wait as long as Retry-After says.", wait);
        await problem.ExecuteAsync(rejected.HttpContext);
    }
}

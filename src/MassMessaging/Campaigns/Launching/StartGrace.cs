namespace MassMessaging.Campaigns.Launching;

/// <param name="Longest">
/// How late a scheduled campaign still starts by itself (<c>START_GRACE_MINUTES</c>); later, a person decides.
/// </param>
public sealed record StartGrace(TimeSpan Longest)
{
    public const string Setting = "START_GRACE_MINUTES";
    public const int DefaultMinutes = 60;

    public static StartGrace From(IConfiguration configuration) =>
        new(TimeSpan.FromMinutes(configuration.GetValue(Setting, DefaultMinutes)));
}

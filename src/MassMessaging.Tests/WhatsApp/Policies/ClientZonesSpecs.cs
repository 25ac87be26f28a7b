using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.WhatsApp.Policies;

public sealed class ClientZonesSpecs
{
    [Theory]
    [InlineData("CO", "America/Mexico_City", "America/Bogota")]
    [InlineData("MX", "America/Tijuana", "America/Tijuana")]
    [InlineData("MX", "America/Bogota", "America/Mexico_City")]
    [InlineData("AR", "America/Argentina/Cordoba", "America/Argentina/Buenos_Aires")]
    [InlineData("JP", "America/Bogota", "America/Bogota")]
    [InlineData(null, "America/Bogota", "America/Bogota")]
    [InlineData(null, "Not/There", "UTC")]
    public void A_clients_zone_follows_from_the_phones_country_and_the_profile(string? country, string profile, string zone) =>
        Assert.Equal(zone, ClientZones.Of(country, profile).Id);

    [Fact]
    public void Every_zone_of_the_table_is_one() => Assert.All(
        ClientZones.All, zone => Assert.True(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _), zone));
}

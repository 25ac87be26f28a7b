namespace MassMessaging.Demo;

/// <summary>What a newcomer reads once the service is up: where everything is, and what to try.</summary>
internal static class Welcome
{
    public static string Text(Uri address, Surroundings surroundings, int clients)
    {
        var service = address.AbsoluteUri.TrimEnd('/');
        var gateway = surroundings.Simulator!.Url.TrimEnd('/');
        return $$$"""

            MassMessaging is ready. Nothing leaves this machine: a simulated gateway stands in for WhatsApp.

              API            {{{service}}}/api
              Documentation  {{{service}}}/docs
              Gateway        {{{gateway}}}/simulator    what was sent, and faults to switch on
              Database       {{{surroundings.DatabaseSource}}}
              Demo advisor   {{{DemoAdvisor.Email}}}    password {{{DemoAdvisor.Password}}}    {{{clients}}} sample clients

            Try, in another terminal:

              TOKEN=$(curl -s {{{service}}}/api/auth/login -H 'Content-Type: application/json' \
                -d '{"email":"{{{DemoAdvisor.Email}}}","password":"{{{DemoAdvisor.Password}}}"}' \
                | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')
              ID=$(curl -s {{{service}}}/api/campaigns -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
                -d '{"name":"Primer saludo","objective":"seguimiento","audience":{"labels":["afiliado"]},
                     "messageContent":"Hola {nombre_cliente}, soy {nombre_asesor}."}' \
                | sed 's/^{"id":"\([^"]*\)".*/\1/')
              curl -s -X POST {{{service}}}/api/campaigns/$ID/send -H "Authorization: Bearer $TOKEN"
              curl -sN {{{service}}}/api/campaigns/$ID/events -H "Authorization: Bearer $TOKEN"

            Ctrl-C stops the service, its database and the simulator.

            """;
    }
}

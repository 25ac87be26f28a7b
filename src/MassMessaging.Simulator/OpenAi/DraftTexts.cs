namespace MassMessaging.Simulator.OpenAi;

/// <summary>Messages that an advisor could send as they are, and such that nobody may.</summary>
internal static class DraftTexts
{
    private static readonly string[] Spanish =
    [
        "Hola {nombre_cliente} 👋 ¿Cómo vienes esta semana? Me acordé de ti y quería saber cómo estás.",
        "¡{nombre_cliente}, qué gusto saludarte! Preparé unas ideas sencillas para el día a día y me encantaría contártelas.",
        "Buenas, {nombre_cliente}. El jueves nos juntamos a charlar un rato sobre hábitos y alimentación. ¿Te sumas?",
        "Hola, {nombre_cliente}: hace tiempo que no conversamos. ¿Tienes diez minutos en estos días para ponernos al corriente?",
        "{nombre_cliente}, gracias por tu confianza. Si tienes alguna pregunta, respóndeme por aquí y lo vemos con calma 😊",
    ];

    private static readonly string[] Portuguese =
    [
        "Olá {nombre_cliente} 👋 Como foi a sua semana? Lembrei de você e queria saber como está.",
        "{nombre_cliente}, que bom falar com você! Preparei umas ideias simples para o dia a dia e gostaria de contar.",
        "Oi, {nombre_cliente}. Na quinta vamos conversar um pouco sobre hábitos e alimentação. Quer participar?",
        "Bom dia, {nombre_cliente}: faz tempo que não conversamos. Você tem dez minutos nestes dias para a gente se falar?",
        "{nombre_cliente}, obrigado pela confiança. Se ficou alguma pergunta, é só responder por aqui e vemos com calma 😊",
    ];

    private static readonly string[] English =
    [
        "Hi {nombre_cliente} 👋 How has your week been? I was thinking of you and wanted to say hello.",
        "{nombre_cliente}, it is good to talk to you! I put together a few simple ideas for every day and would love to share them.",
        "Hello {nombre_cliente}. On Thursday we are meeting to chat about habits and food. Would you like to join us?",
        "Good morning, {nombre_cliente}: it has been a while since we talked. Do you have ten minutes this week to catch up?",
        "{nombre_cliente}, thank you for your trust. If you have any questions, just reply here and we will look at them together 😊",
    ];

    private static readonly string[] Cure =
        ["Nuestro té cura la diabetes.", "Nosso chá cura o diabetes.", "Our tea cures diabetes."];

    private static readonly string[] Income =
        ["Gana dinero fácil desde tu casa.", "Ganhe dinheiro fácil em casa.", "Make easy money from home."];

    private static readonly string[] Result =
    [
        "Baja 10 kilos en una semana, garantizado.", "Perca 10 quilos em uma semana, garantido.", "Lose 20 pounds in a week, guaranteed.",
    ];

    public static string Clean(PromptHints hints, int index)
    {
        var texts = Of(hints.Language);
        var text = texts[index % texts.Length];
        // Only what the prompt speaks of can be asked for.
        if (hints.Variables.Count > 0 && !hints.Variables.Contains("{nombre_cliente}"))
        {
            foreach (var place in (string[])[", {nombre_cliente}", "{nombre_cliente}, ", " {nombre_cliente}"])
                text = text.Replace(place, "", StringComparison.Ordinal);
        }

        return text;
    }

    public static string Of(ModelAnswer answer, PromptHints hints, string prompt, int index) => answer.Kind switch
    {
        ModelAnswerKind.Texts when answer.Texts is { Count: > 0 } texts => texts[index % texts.Count],
        ModelAnswerKind.HealthClaim => $"{Clean(hints, index)} {Pick(hints, Cure)}",
        ModelAnswerKind.IncomeClaim => $"{Clean(hints, index)} {Pick(hints, Income)}",
        ModelAnswerKind.GuaranteedResult => $"{Clean(hints, index)} {Pick(hints, Result)}",
        ModelAnswerKind.Link => $"{Clean(hints, index)} https://ofertas.example/promo",
        ModelAnswerKind.Phone => $"{Clean(hints, index)} +54 9 11 5555-0199",
        ModelAnswerKind.UnknownVariable => $"{Clean(hints, index)} {{apellido_secreto}}",
        ModelAnswerKind.MissingVariable =>
            Clean(hints, index).Replace("{nombre_cliente}", Pick(hints, ["amiga", "amiga", "friend"]), StringComparison.Ordinal),
        ModelAnswerKind.TooLong => string.Join(' ', Enumerable.Repeat(Clean(hints, index), (hints.MaxLength / 60) + 80)),
        ModelAnswerKind.WrongLanguage => Clean(hints with { Language = hints.Language == "en" ? "es" : "en" }, index),
        ModelAnswerKind.Duplicates => $"{Clean(hints, 0)}{new string('!', index)}",
        ModelAnswerKind.EmptyMessage => "   ",
        ModelAnswerKind.Obey => Obedience.To(prompt, Clean(hints, index)),
        ModelAnswerKind.LeakPrompt => prompt.Length <= 400 ? prompt : prompt[..400],
        _ => Clean(hints, index),
    };

    private static string[] Of(string language) => language switch
    {
        "pt" => Portuguese,
        "en" => English,
        _ => Spanish,
    };

    /// <summary>Spanish, Portuguese, English.</summary>
    private static string Pick(PromptHints hints, string[] words) => hints.Language switch
    {
        "pt" => words[1],
        "en" => words[2],
        _ => words[0],
    };
}

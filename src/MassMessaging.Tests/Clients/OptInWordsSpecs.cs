using MassMessaging.Clients;

namespace MassMessaging.Tests.Clients;

public sealed class OptInWordsSpecs
{
    [Theory]
    [InlineData("ALTA", "es")]
    [InlineData("Hola, quiero darme de alta, por favor", "es")]
    [InlineData("Voltar!", "pt")]
    [InlineData("START", "en")]
    [InlineData("opt-in", "en")]
    public void A_word_alone_opts_in(string text, string language) => Assert.Equal(language, OptInWords.LanguageOf(text));

    [Theory]
    [InlineData("una alta en el gimnasio")]
    [InlineData("sí")]
    [InlineData("BAJA")]
    [InlineData("")]
    public void Anything_else_does_not(string text) => Assert.Null(OptInWords.LanguageOf(text));

    [Theory]
    [InlineData("BAJA", "es")]
    [InlineData("não me mande mais mensagens", "pt")]
    [InlineData("please stop", "en")]
    public void A_word_that_opts_out_has_a_language(string text, string language) => Assert.Equal(language, OptOutWords.LanguageOf(text));
}

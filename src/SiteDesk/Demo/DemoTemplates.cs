using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets.ReplyTemplates;

namespace SiteDesk.Demo;

/// <summary>The answers the shop gives often, in its three languages.</summary>
internal static class DemoTemplates
{
    public static IEnumerable<ReplyTemplate> All =>
    [
        Of("Return label",
            "Hello {customer},\n\nyour return label is attached. Put it on the parcel and hand it in at any post office within 14 days; the refund follows within five working days after it has reached us.\n\nKind regards\n{agent}",
            "Здравствуйте, {customer}!\n\nНаклейка для возврата во вложении. Наклейте её на посылку и сдайте в любое отделение почты в течение 14 дней; деньги вернём в течение пяти рабочих дней после того, как посылка дойдёт до нас.\n\nС уважением,\n{agent}",
            "{customer}，您好：\n\n退货标签见附件。请贴在包裹上，并在 14 天内交到任一邮局；我们收到后五个工作日内退款。\n\n此致\n{agent}"),
        Of("Ask for the order number",
            "Hello {customer},\n\nthank you for writing. Which order is it about? The number stands in the confirmation we sent you and looks like N-104217.\n\n{agent}",
            "Здравствуйте, {customer}!\n\nСпасибо за письмо. О каком заказе речь? Номер указан в письме с подтверждением и выглядит так: N-104217.\n\n{agent}",
            "{customer}，您好：\n\n感谢来信。请问是哪个订单？订单号在确认邮件中，形如 N-104217。\n\n{agent}"),
        Of("Passed on, follow it here",
            "Hello {customer},\n\nI have passed your request #{number} on to the colleagues who can decide it, and I keep an eye on it. You can follow it here: {link}\n\n{agent}, {site}",
            "Здравствуйте, {customer}!\n\nЯ передал(а) обращение №{number} коллегам, которые могут его решить, и слежу за ним. Следить за ним можно здесь: {link}\n\n{agent}, {site}",
            "{customer}，您好：\n\n您的工单 #{number} 已转给能处理的同事，我会继续跟进。您可以在这里查看进展：{link}\n\n{agent}，{site}"),
    ];

    private static ReplyTemplate Of(string name, string english, string russian, string chinese) => new()
    {
        Name = name,
        Texts = new(StringComparer.Ordinal) { [Languages.English] = english, [Languages.Russian] = russian, [Languages.Chinese] = chinese },
    };
}
